using MirrorAction.Reporting;

namespace MirrorAction.Hosting;

/// <summary>Ends the program in an orderly way when it fails before there is a log, or in the log itself.</summary>
internal static class LastResort
{
    /// <summary>Does the work and returns its exit code, or that of a run in which nothing could be done.</summary>
    /// <param name="work">The whole program.</param>
    /// <param name="errors">Where the failure is told; null for the standard error output.</param>
    public static async Task<int> GuardAsync(Func<Task<int>> work, TextWriter? errors = null)
    {
        try
        {
            return await work();
        }
        catch (Exception e)
        {
            // Named, not quoted: what is secret may not be known yet, and its message could hold it.
            await WriteAsync(errors ?? Console.Error, $"error: Nothing could be done: the program did not begin ({e.GetType().Name}).");
            return ExitCodes.NothingDone;
        }
    }

    private static async Task WriteAsync(TextWriter errors, string text)
    {
        try
        {
            await errors.WriteLineAsync(text);
        }
        catch (IOException)
        {
            // Nobody listens; the exit code says it.
        }
    }
}
