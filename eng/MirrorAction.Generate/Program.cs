using MirrorAction.Generate;
using MirrorAction.TestKit;

var stale = GeneratedFiles.Of(Checkout.Root).Where(file => !file.IsCurrent).ToList();
foreach (var file in stale)
{
    File.WriteAllText(file.Path, file.Text);
    Console.WriteLine($"written: {Path.GetRelativePath(Checkout.Root, file.Path)}");
}

Console.WriteLine(stale.Count == 0 ? "Every generated file is current." : "Look at the changes and commit them with the definitions.");
