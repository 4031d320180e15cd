using MirrorAction.Http;

namespace MirrorAction.Git.Transport;

/// <summary>A repository on a smart-HTTP server and the credential for it. Immutable.</summary>
public sealed class GitEndpoint
{
    /// <summary>Takes the repository's URL, without credentials in it.</summary>
    /// <param name="url">Such as <c>https://github.com/acme/website.git</c>.</param>
    /// <param name="credentials">A <see cref="StaticCredential"/>, or what gives one for each request; null for a server that asks for none.</param>
    /// <exception cref="ArgumentException">Not HTTP, or with user info.</exception>
    public GitEndpoint(Uri url, ICredentialProvider? credentials = null)
    {
        if (url.Scheme is not ("https" or "http") || url.UserInfo.Length > 0)
        {
            throw new ArgumentException(
                $"A git URL must be http(s) and hold no credentials: {url.GetComponents(UriComponents.SchemeAndServer, UriFormat.Unescaped)}",
                nameof(url)
            );
        }

        Url = new Uri(url.GetLeftPart(UriPartial.Path).TrimEnd('/'));
        Credentials = credentials;
    }

    /// <summary>The repository, without a slash at the end.</summary>
    public Uri Url { get; }

    /// <summary>Who asks; null for nobody.</summary>
    public ICredentialProvider? Credentials { get; }

    /// <summary>The URL; never a secret.</summary>
    public override string ToString() => Url.ToString();
}
