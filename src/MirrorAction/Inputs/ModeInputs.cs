namespace MirrorAction.Inputs;

/// <summary>The inputs that belong to some modes alone; part of the table <see cref="ActionInputs.All"/>.</summary>
internal static class ModeInputs
{
    private const string Proof = "verify and restore";
    private const string Backup = "backup";

    public static ActionInput Repair { get; } =
        new("repair", InputKind.Boolean, ActionInputs.RefRules, "Send each mirror the whole repository although its refs are equal")
        {
            Default = "false",
            OnlyIn = ["mirror"],
        };

    public static ActionInput Deep { get; } =
        new("deep", InputKind.Boolean, Proof, "verify reads every object of the mirrors; backup with check has libgit2 walk every chain")
        {
            Default = "false",
            OnlyIn = ["verify", "backup"],
        };

    public static ActionInput PreviousReport { get; } =
        new("previous-report", InputKind.Text, Proof, "report.json of an earlier run, relative to the workspace; by default the one in report-dir")
        {
            OnlyIn = ["mirror", "verify", "restore"],
        };

    public static ActionInput IncludeKept { get; } =
        new("include-kept", InputKind.Boolean, Proof, "restore brings back the kept tips of refs/tags/mirror-kept/ too")
        {
            Default = "false",
            OnlyIn = ["restore"],
        };

    public static ActionInput DryRun { get; } =
        new("dry-run", InputKind.Boolean, Proof, "restore only shows what it would create and push") { Default = "false", OnlyIn = ["restore"] };

    public static ActionInput PushLimit { get; } =
        new("push-limit", InputKind.Text, Proof, "Largest pack that restore pushes at once; more is sent in several pushes")
        {
            Default = "1900MiB",
            Pattern = "^[1-9][0-9]{0,8}(KiB|MiB|GiB)$",
            OnlyIn = ["restore"],
        };

    public static ActionInput Drill { get; } =
        new("drill", InputKind.Boolean, Proof, "restore brings the mirrors back into a scratch folder, compares them and removes it")
        {
            Default = "false",
            OnlyIn = ["restore"],
        };

    public static ActionInput Sample { get; } =
        new("sample", InputKind.WholeNumber, Proof, "With drill: so many repositories, picked at random; 0 = all")
        {
            Default = "0",
            Max = 1_000_000,
            OnlyIn = ["restore"],
        };

    public static ActionInput From { get; } =
        new("from", InputKind.Choice, Backup, "Where backup reads the repositories")
        {
            Default = "github",
            Allowed = ["github", "bitbucket"],
            OnlyIn = ["backup"],
        };

    public static ActionInput BackupDir { get; } =
        new("backup-dir", InputKind.Text, Backup, "Folder for the bundles, relative to the workspace")
        {
            Default = "mirror-backup",
            OnlyIn = ["backup"],
        };

    public static ActionInput FullEvery { get; } =
        new("full-every", InputKind.WholeNumber, Backup, "Bundles in a chain: after so many a full one begins the next chain")
        {
            Default = "30",
            Min = 1,
            Max = 10_000,
            OnlyIn = ["backup"],
        };

    public static ActionInput Keep { get; } =
        new("keep", InputKind.WholeNumber, Backup, "Chains that are kept of each repository; 0 = all")
        {
            Default = "2",
            Max = 10_000,
            OnlyIn = ["backup"],
        };

    public static ActionInput Check { get; } =
        new("check", InputKind.Boolean, Backup, "backup only checks the bundles in backup-dir, without the network")
        {
            Default = "false",
            OnlyIn = ["backup"],
        };
}
