using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MirrorAction.Http;

namespace MirrorAction.Hosts.GitHub;

/// <summary>
/// Proves to GitHub that the App itself asks: a JSON web token (RFC 7519) signed with its key (RS256), made anew before it expires.
/// </summary>
/// <param name="app">The App.</param>
/// <param name="time">The clock by which tokens are dated.</param>
/// <param name="hide">Called with each token before it is used.</param>
internal sealed class AppJwt(GitHubAppKey app, TimeProvider time, Action<string> hide) : ICredentialProvider
{
    /// <summary>GitHub takes none that is dated in its future, so a clock may go wrong by so much.</summary>
    private static readonly TimeSpan s_backdated = TimeSpan.FromSeconds(60);

    /// <summary>From now; together with the minute before it GitHub's longest, ten minutes.</summary>
    private static readonly TimeSpan s_life = TimeSpan.FromMinutes(9);

    private readonly Lock _lock = new();
    private readonly List<string> _secrets = [];
    private HttpCredential? _current;
    private DateTimeOffset _renewAt;

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Secrets
    {
        get
        {
            lock (_lock)
            {
                return [.. _secrets];
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask<HttpCredential?> GetAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            if (_current is null || now >= _renewAt)
            {
                var token = Sign(now);
                hide(token);
                _secrets.Add(token);
                _renewAt = now + (s_life / 2);
                _current = HttpCredential.Bearer(token);
            }

            return ValueTask.FromResult<HttpCredential?>(_current);
        }
    }

    /// <summary>Another one would say the same.</summary>
    public bool Refuse(HttpCredential credential) => false;

    private string Sign(DateTimeOffset now)
    {
        var content = $"{Base64Url.EncodeToString("""{"alg":"RS256","typ":"JWT"}"""u8)}.{Base64Url.EncodeToString(Claims(now))}";
        using var key = RSA.Create();
        key.ImportFromPem(app.PrivateKey);
        var signature = key.SignData(Encoding.ASCII.GetBytes(content), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{content}.{Base64Url.EncodeToString(signature)}";
    }

    private ReadOnlySpan<byte> Claims(DateTimeOffset now)
    {
        var json = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(json);
        writer.WriteStartObject();
        writer.WriteNumber("iat", (now - s_backdated).ToUnixTimeSeconds());
        writer.WriteNumber("exp", (now + s_life).ToUnixTimeSeconds());
        if (long.TryParse(app.Id, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            writer.WriteNumber("iss", number); // An older GitHub Enterprise Server takes an id as a number only.
        }
        else
        {
            writer.WriteString("iss", app.Id);
        }

        writer.WriteEndObject();
        writer.Flush();
        return json.WrittenSpan;
    }
}

/// <summary>A GitHub App and the key by which it proves who it is. <see cref="ToString"/> never shows the key.</summary>
/// <param name="id">The App's id or client id.</param>
/// <param name="privateKey">An RSA private key in PEM form.</param>
public sealed class GitHubAppKey(string id, string privateKey)
{
    /// <summary>The App's id or client id.</summary>
    public string Id => id;

    /// <summary>The RSA private key in PEM form.</summary>
    public string PrivateKey => privateKey;

    /// <inheritdoc/>
    public override string ToString() => $"App {Id}";
}
