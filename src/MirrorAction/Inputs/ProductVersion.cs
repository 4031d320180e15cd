using System.Reflection;

namespace MirrorAction.Inputs;

/// <summary>The version of this program.</summary>
internal static class ProductVersion
{
    /// <summary>As in the release's tag, without its <c>v</c>.</summary>
    public static string Text { get; } =
        typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";
}
