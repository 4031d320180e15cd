using System.Text;
using System.Text.Json;
using MirrorAction.Modes;

namespace MirrorAction.Reporting;

/// <summary>What the outermost members of a JSON file say of it. The file, which may be large and something else, is not kept.</summary>
internal sealed class ReportHead
{
    /// <summary>No name, number or text of a report is as long.</summary>
    private const int MaxToken = 16 * 1024 * 1024;

    private bool _hasTotals;
    private bool _isVersionNext;
    private bool _isModeNext;

    private ReportHead() { }

    /// <summary>It has what every report has.</summary>
    public bool IsReport => SchemaVersion is not null && _hasTotals;

    /// <summary>The version of its form, as it is written there; null when there is none.</summary>
    public string? SchemaVersion { get; private set; }

    /// <summary>It tells of several reports that were joined.</summary>
    public bool IsJoined { get; private set; }

    /// <summary>It is a list of findings, not of repositories.</summary>
    public bool IsChecklist { get; private set; }

    /// <summary>Reads a file to its end, or until it is clear that it is no report.</summary>
    /// <exception cref="JsonException">It is no JSON, or a report with a text that none has.</exception>
    public static ReportHead Read(Stream file)
    {
        var head = new ReportHead();
        var buffer = new byte[64 * 1024];
        var filled = 0;
        var state = default(JsonReaderState);
        var isEnd = false;
        while (!isEnd)
        {
            if (filled == buffer.Length)
            {
                if (buffer.Length >= MaxToken)
                {
                    return head.IsReport ? throw new JsonException("a text in it is longer than 16 MiB") : head;
                }

                Array.Resize(ref buffer, 2 * buffer.Length);
            }

            var got = file.Read(buffer.AsSpan(filled));
            isEnd = got == 0;
            filled += got;
            var reader = new Utf8JsonReader(buffer.AsSpan(0, filled), isEnd, state);
            while (reader.Read())
            {
                if (!head.Take(ref reader))
                {
                    return head;
                }
            }

            state = reader.CurrentState;
            var consumed = (int)reader.BytesConsumed;
            buffer.AsSpan(consumed, filled - consumed).CopyTo(buffer);
            filled -= consumed;
        }

        return head;
    }

    /// <summary>Takes what matters of a token; false when the file can't be a report.</summary>
    private bool Take(ref Utf8JsonReader reader)
    {
        if (reader.CurrentDepth == 1 && reader.TokenType == JsonTokenType.PropertyName)
        {
            _isVersionNext = reader.ValueTextEquals("schemaVersion"u8);
            _isModeNext = reader.ValueTextEquals("mode"u8);
            _hasTotals |= reader.ValueTextEquals("totals"u8);
            IsJoined |= reader.ValueTextEquals("shards"u8);
        }
        else if (_isVersionNext)
        {
            var text = Encoding.UTF8.GetString(reader.ValueSpan);
            SchemaVersion = reader.TokenType == JsonTokenType.String ? $"\"{text}\"" : text;
            _isVersionNext = false;
        }
        else if (_isModeNext)
        {
            foreach (var mode in ModeList.All)
            {
                IsChecklist |= reader.TokenType == JsonTokenType.String && mode.TextOf(null).IsChecklist && reader.ValueTextEquals(mode.Name);
            }

            _isModeNext = false;
        }

        return reader.CurrentDepth > 0 || reader.TokenType is JsonTokenType.StartObject or JsonTokenType.EndObject;
    }
}
