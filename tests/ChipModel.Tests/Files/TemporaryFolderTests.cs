using System.Diagnostics;
using NUnit.Framework;
using TaalasSim.Support;

namespace TaalasSim.ChipModel.Tests.Files;

/// <summary>Folders of test processes that were killed go; those of living processes stay.</summary>
[Category("Smoke")]
public class TemporaryFolderTests
{
    [Test]
    public void Folders_of_dead_processes_are_deleted_and_no_others()
    {
        using var parent = new TemporaryFolder();
        using var me = Process.GetCurrentProcess();
        // Numbers of processes end at four million.
        var (living, dead) = (TemporaryFolder.NameFor(me) + "a", "taalas-test-99999999-1700000000-b");
        // The same number, given to a process that started long before.
        var former = $"taalas-test-{me.Id}-1700000000-c";
        string[] others = ["taalas-test-notes", "taalas-test-99999999", "other"];
        foreach (var name in (string[])[living, dead, former, .. others])
            File.WriteAllText(Path.Combine(Directory.CreateDirectory(parent.File(name)).FullName, "f"), "x");
        TemporaryFolder.DeleteOfDeadProcesses(parent.Path);
        Assert.That(Directory.GetDirectories(parent.Path).Select(Path.GetFileName), Is.EquivalentTo([living, .. others]));
    }

    [Test]
    public void Temporaries_of_the_program_lie_in_the_folder_of_the_process()
    {
        using var me = Process.GetCurrentProcess();
        Assert.That(Path.GetTempPath(), Does.StartWith(TemporaryFolder.OfProcess));
        Assert.That(Path.GetFileName(TemporaryFolder.OfProcess), Does.StartWith(TemporaryFolder.NameFor(me)));
    }
}
