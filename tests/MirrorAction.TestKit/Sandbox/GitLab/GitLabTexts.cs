namespace MirrorAction.TestKit;

/// <summary>What GitLab says, word for word, when it refuses.</summary>
public static class GitLabTexts
{
    public const string DeleteDefault = "GitLab: The default branch of a project cannot be deleted.";

    public const string DeleteProtected = "GitLab: You can only delete protected branches using the web interface.";

    public const string ForcePush = "GitLab: You are not allowed to force push code to a protected branch on this project.";

    public const string Hexadecimal = "GitLab: You cannot create a branch with a 40-character hexadecimal branch name.";

    public const string LfsMissing = "GitLab: LFS objects are missing. Ensure LFS is properly set up or try a manual \"git lfs push --all\".";

    public const string NotFound = "The project you were looking for could not be found or you don't have permission to view it.";

    public const string NoPush = "You are not allowed to push code to this project.";

    public const string NoDownload = "You are not allowed to download code from this project.";

    public const string AccessDenied =
        "HTTP Basic: Access denied. If a password was provided for Git authentication, the password was incorrect or you're required to use a token "
        + "instead of a password. If a token was provided, it was either incorrect, expired, or improperly scoped.";

    public const string Taken = "has already been taken";

    public const string TooManyCreations = "This endpoint has been requested too many times. Try again later.";

    public const string PathRule =
        "can only include non-accented letters, digits, '_', '-' and '.'. It must not start with '-', '_', or '.', nor end with '-', '_', "
        + "'.', '.git', "
        + "or '.atom'.";

    public const string NameRule =
        "can contain only letters, digits, emoji, '_', '.', '+', dashes, or spaces. It must start with a letter, digit, emoji, or '_'.";
}
