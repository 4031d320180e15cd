using System.Globalization;
using MirrorAction.Hosts.Rest;
using MirrorAction.Http;

namespace MirrorAction.Hosts.Gitea;

/// <summary>Looks at the quota that Forgejo keeps for an owner, by one request. Gitea has none.</summary>
internal sealed class GiteaQuotaCheck(GiteaClient client)
{
    private const string Quota = "Gitea quota";

    /// <summary>Where Codeberg's own limit applies, of which it tells nothing by this interface.</summary>
    private const string Codeberg = "codeberg.org";

    /// <summary>What is left; null where the host has no quotas.</summary>
    public async Task<Diagnostic?> RunAsync(GiteaOwner owner, CancellationToken cancellationToken)
    {
        var quota = await RestAnswer.OrUnknownAsync(
            () =>
                owner.IsOrganization
                    ? client.Api.GetOrganizationQuotaAsync(HostUrl.RequireSegment(owner.Login), cancellationToken)
                    : client.Api.GetOwnQuotaAsync(cancellationToken),
            HostFailureKind.Forbidden
        );
        if (Tightest(quota) is var (used, limit))
        {
            return Judge(owner, used, limit);
        }

        return client.Settings.WebUrl.Host.Equals(Codeberg, StringComparison.OrdinalIgnoreCase)
            ? new(
                DiagnosticLevel.Ok,
                Quota,
                "Codeberg did not tell a quota. It gives an account 750 MiB for git until more is asked for, and wants no private content but beside "
                    + "free projects."
            )
            : null;
    }

    private static Diagnostic Judge(GiteaOwner owner, long used, long limit)
    {
        const long MiB = 1 << 20;
        var text = string.Create(CultureInfo.InvariantCulture, $"{owner.Login} uses {used / MiB} of {limit / MiB} MiB.");
        const string Hint = "Ask the administrators of the host for more, delete what is not needed, or mirror less (repositories, exclude).";
        return used >= limit ? new(DiagnosticLevel.Problem, Quota, $"The quota is used up: {text}", Hint)
            : used >= limit / 10 * 9 ? new(DiagnosticLevel.Warning, Quota, $"The quota is nearly used up: {text}", Hint)
            : new(DiagnosticLevel.Ok, Quota, text);
    }

    /// <summary>
    /// Of each group the rule that leaves least, and of the groups the one that leaves most: all rules of a group must hold, and one group that
    /// allows something is enough. Null where nothing limits what a push needs.
    /// </summary>
    private static (long Used, long Limit)? Tightest(GiteaQuota? quota)
    {
        if (quota?.Used?.Size is not { } size || quota.Groups is null)
        {
            return null;
        }

        (long Used, long Limit)? best = null;
        foreach (var group in quota.Groups)
        {
            (long Used, long Limit)? worst = null;
            foreach (var rule in group?.Rules ?? [])
            {
                if (rule is { Limit: >= 0 and var limit, Subjects: { } subjects } && subjects.Exists(IsOfPushes))
                {
                    var used = subjects.Sum(subject => UsedBy(size, subject));
                    worst = worst is var (u, l) && l - u <= limit - used ? worst : (used, limit);
                }
            }

            if (worst is null && group?.Rules?.Exists(rule => rule?.Subjects?.Exists(IsOfPushes) == true) == true)
            {
                return null; // This group allows all there is.
            }

            best = worst is not var (used2, limit2) || (best is var (u2, l2) && l2 - u2 >= limit2 - used2) ? best : worst;
        }

        return best;
    }

    private static bool IsOfPushes(string? subject) =>
        subject is "size:all" or "size:repos:all" or "size:repos:public" or "size:repos:private" or "size:git:all";

    private static long UsedBy(GiteaQuotaSize size, string? subject)
    {
        var (open, hidden, lfs) = (size.Repos?.Public ?? 0, size.Repos?.Private ?? 0, size.Git?.Lfs ?? 0);
        var assets = size.Assets;
        var others =
            (assets?.Attachments?.Issues ?? 0) + (assets?.Attachments?.Releases ?? 0) + (assets?.Artifacts ?? 0) + (assets?.Packages?.All ?? 0);
        return subject switch
        {
            "size:all" => open + hidden + lfs + others,
            "size:repos:all" => open + hidden,
            "size:repos:public" => open,
            "size:repos:private" => hidden,
            "size:git:all" => open + hidden + lfs,
            "size:git:lfs" => lfs,
            _ => 0,
        };
    }
}
