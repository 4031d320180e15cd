using System.Text;

namespace MirrorAction.Hosting;

/// <summary>
/// Standard output that ends no run. From the moment it takes nothing any more, because its disk is full or it was closed, everything goes to
/// standard error; what that does not take either is dropped.
/// </summary>
/// <param name="output">Standard output.</param>
/// <param name="errors">Standard error.</param>
internal sealed class ProgramOutput(Func<TextWriter> output, Func<TextWriter> errors) : TextWriter
{
    /// <inheritdoc/>
    public override Encoding Encoding => Encoding.UTF8;

    /// <summary>Why standard output took nothing any more; null as long as it does.</summary>
    public string? Failure { get; private set; }

    /// <summary>An output of which everything goes to standard error.</summary>
    public ProgramOutput ToErrors() => new(errors, errors);

    /// <inheritdoc/>
    public override void Write(char value) => Put(writer => writer.Write(value));

    /// <inheritdoc/>
    public override void Write(string? value) => Put(writer => writer.Write(value));

    /// <inheritdoc/>
    public override void WriteLine(string? value) => Put(writer => writer.WriteLine(value));

    /// <inheritdoc/>
    public override void Flush() => Put(writer => writer.Flush());

    private void Put(Action<TextWriter> write)
    {
        if (Failure is null)
        {
            Failure = Try(output, write);
            if (Failure is null)
            {
                return;
            }

            Try(errors, writer => writer.WriteLine($"mirror-action: standard output can't be written ({Failure}); what follows is told here."));
        }

        Try(errors, write);
    }

    /// <summary>Why it failed; null when it did not.</summary>
    private static string? Try(Func<TextWriter> stream, Action<TextWriter> write)
    {
        try
        {
            write(stream());
            return null;
        }
        catch (Exception e)
        {
            // .NET has an exception of its own for each kind of refusal, and none of them may end the run.
            return e.Message.TrimEnd('.');
        }
    }
}
