namespace MirrorAction.TestKit;

/// <summary>What Bitbucket Cloud says, word for word, when it refuses.</summary>
public static class BitbucketTexts
{
    public const string WorkspaceOverQuota =
        "This workspace is over the 1 GB size limit. Reduce the size of your workspace or upgrade to a Standard or Premium plan to increase the size limit.";

    public const string RepositoryOverLimit = "Repository is over the size limit (4 GB) and will not accept further additions.";

    public const string UserLimit =
        "[ALERT] Your push failed because the account 'acme-mirror' has exceeded its user limit and this repository is restricted to read-only access.";

    public const string AllowList = "To access this repository, an admin must whitelist your IP.";

    public const string AppPasswords = "App passwords are deprecated and must be replaced with API tokens.";

    public const string NoAccess =
        "You may not have access to this repository or it no longer exists in this workspace. If you think this repository exists and you have access, make sure you are authenticated.";

    public const string TokenInvalid = "Token is invalid, expired, or not supported for this endpoint.";

    public const string ScopesMissing = "Your credentials lack one or more required privilege scopes.";

    public const string InvalidSlug = "Invalid slug. Slugs must be lowercase, alphanumerical, and may also contain underscores, dashes, or dots.";

    public const string RepositoryExists = "Repository with this Slug and Owner already exists.";

    public const string RateLimited = "Rate limit for this resource has been exceeded";

    public const string InvalidCredentials = "Invalid credentials";
}
