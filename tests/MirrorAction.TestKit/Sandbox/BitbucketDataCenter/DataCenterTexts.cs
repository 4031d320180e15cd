namespace MirrorAction.TestKit;

/// <summary>What Bitbucket Data Center says when it refuses.</summary>
public static class DataCenterTexts
{
    public const string NotPermitted = "You are not permitted to access this resource";

    public const string AuthenticationFailed = "Authentication failed. Please check your credentials and try again.";

    public const string RateLimited = "You have been rate limited. Reduce the rate of your requests.";

    public const string InvalidName =
        "The repository name must start with a letter or number and may only contain letters, numbers, spaces, hyphens, underscores and periods.";

    public const string PullRequestRefs =
        "You are attempting to update refs that are reserved for Bitbucket's pull request functionality. Bitbucket manages these refs automatically, and they may not be updated by users.";

    public static string NoProject(string key) => $"Project {key} does not exist.";

    public static string NoRepository(string project, string slug) => $"Repository {project}/{slug} does not exist.";

    public static string Taken(string name, string project) => $"This repository URL is already taken by '{name}' in '{project}'";

    public static string Archived(string repository) => $"The repository {repository} is archived and cannot be modified.";
}
