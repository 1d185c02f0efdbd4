using NUnit.Framework;
using TaalasSim.ChipModel.Files;
using TaalasSim.Support;

namespace TaalasSim.ChipModel.Tests.Files;

/// <summary>Output is old or new, never a part, and nothing is lost that the program did not make.</summary>
[Category("Smoke")]
public class OutputTests
{
    [Test]
    public void A_fault_while_writing_keeps_the_old_file_and_leaves_nothing()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("a.txt", "old");
        Assert.That(() => AtomicFile.Write(path, stream =>
                {
                    stream.Write("new"u8);
                    throw new IOException("disk full");
                }), Throws.InstanceOf<IOException>());
        Assert.That(File.ReadAllText(path), Is.EqualTo("old"));
        Assert.That(folder.Names, Is.EqualTo(new[] { "a.txt" }));
        AtomicFile.WriteText(path, "new");
        Assert.That(File.ReadAllText(path), Is.EqualTo("new"));
        Assert.That(folder.Names, Is.EqualTo(new[] { "a.txt" }));
    }

    [Test]
    public void Files_of_a_set_change_only_when_all_are_complete()
    {
        using var folder = new TemporaryFolder();
        var (a, b) = (folder.Write("a", "old a"), folder.Write("b", "old b"));
        using (var set = new OutputSet())
        {
            set.Add(a, s => s.Write("new a"u8));
            Assert.That(() => set.Add(b, _ => throw new IOException("disk full")), Throws.InstanceOf<IOException>());
        }

        Assert.That((File.ReadAllText(a), File.ReadAllText(b)), Is.EqualTo(("old a", "old b")));
        Assert.That(folder.Names, Is.EqualTo(new[] { "a", "b" }));
    }

    [Test]
    public void Links_and_devices_are_not_written_through()
    {
        if (OperatingSystem.IsWindows())
            Assert.Ignore("needs symbolic links");
        using var folder = new TemporaryFolder();
        var (target, link) = (folder.Write("target", "mine"), folder.File("link"));
        File.CreateSymbolicLink(link, target);
        Assert.That(() => AtomicFile.WriteText(link, "x"), Throws.InstanceOf<InputException>().With.Message.Contains("symbolic link"));
        Assert.That(File.ReadAllText(target), Is.EqualTo("mine"));
        Assert.That(() => AtomicFile.WriteText("/dev/null", "x"), Throws.InstanceOf<InputException>());
        var inner = folder.File("inner");
        Directory.CreateDirectory(inner);
        Directory.CreateSymbolicLink(folder.File("loop"), inner);
        Assert.That(() => OutputFolder.Fill(folder.File("loop"), _ => { }), Throws.InstanceOf<InputException>());
    }

    [Test]
    public void The_permissions_of_a_replaced_file_stay()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Ignore("needs permissions of POSIX");
            return;
        }

        using var folder = new TemporaryFolder();
        var path = folder.Write("key", "old");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        AtomicFile.WriteText(path, "new");
        Assert.That(File.GetUnixFileMode(path), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Test]
    public void A_folder_of_the_same_files_changes_as_a_whole()
    {
        using var folder = new TemporaryFolder();
        var target = folder.File("out");
        OutputFolder.Fill(target, inside => Two(inside, "1"));
        OutputFolder.Fill(target, inside => Two(inside, "2"));
        Assert.That(File.ReadAllText(Path.Combine(target, "a")) + File.ReadAllText(Path.Combine(target, "b")), Is.EqualTo("22"));
        Assert.That(Directory.GetFileSystemEntries(folder.Path), Is.EqualTo(new[] { target }));
        Assert.That(() => OutputFolder.Fill(target, inside =>
                {
                    Two(inside, "3");
                    throw new IOException("disk full");
                }), Throws.InstanceOf<InputException>());
        Assert.That(File.ReadAllText(Path.Combine(target, "a")) + File.ReadAllText(Path.Combine(target, "b")), Is.EqualTo("22"));
        Assert.That(Directory.GetFileSystemEntries(target), Has.Length.EqualTo(2));
    }

    [Test]
    public void What_else_a_folder_holds_stays()
    {
        using var folder = new TemporaryFolder();
        var target = folder.File("out");
        Directory.CreateDirectory(Path.Combine(target, "sub"));
        File.WriteAllText(Path.Combine(target, "thesis.txt"), "years");
        OutputFolder.Fill(target, inside => Two(inside, "1"));
        Assert.That(File.ReadAllText(Path.Combine(target, "thesis.txt")), Is.EqualTo("years"));
        Assert.That(
            Directory.GetFileSystemEntries(target).Select(Path.GetFileName),
            Is.EquivalentTo(new[] { "a", "b", "sub", "thesis.txt" })
        );
    }

    [Test]
    public void Nothing_is_written_into_a_chip_image()
    {
        using var folder = new TemporaryFolder();
        folder.Write("chip.yaml", "");
        folder.Write("chip.sha256", "");
        Assert.That(
            () => AtomicFile.WriteText(folder.File("x.csv"), "x"),
            Throws.InstanceOf<InputException>().With.Message.Contains("chip image")
        );
        Assert.That(
            () => OutputFolder.Fill(Path.Combine(folder.Path, "deep", "er"), _ => { }),
            Throws.InstanceOf<InputException>().With.Message.Contains("chip image")
        );
        Assert.That(folder.Names, Is.EqualTo(new[] { "chip.sha256", "chip.yaml" }));
    }

    [Test]
    public void What_a_dead_process_left_is_removed_and_nothing_else()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("needs locks of Linux");
        using var folder = new TemporaryFolder();
        // No process has this number: it is above the largest of Linux, 2^22.
        var stale = folder.Write(".taalas-9999999-0123456789abcdef.tmp", "half");
        Directory.CreateDirectory(folder.File(".taalas-9999998-0123456789abcdef.tmp"));
        var locked = folder.Write(".taalas-9999997-0123456789abcdef.tmp", "in work");
        string[] others = [".taalas-1.tmp", ".taalas-9999999-0123456789abcdeg.tmp", "taalas-9999999-0123456789abcdef.tmp"];
        foreach (var other in others)
            folder.Write(other, "mine");
        var kept = folder.Write("kept", "mine");
        File.CreateSymbolicLink(folder.File(".taalas-9999996-0123456789abcdef.tmp"), kept);
        using (new FileStream(locked, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
            AtomicFile.WriteText(folder.File("new"), "new");
        Assert.That(
            Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName),
            Is.EquivalentTo(
                (string[])[.. others, "kept", "new", ".taalas-9999997-0123456789abcdef.tmp", ".taalas-9999996-0123456789abcdef.tmp"]
            )
        );
        Assert.That(File.Exists(stale), Is.False);
    }

    [Test]
    public void One_file_has_many_names()
    {
        if (OperatingSystem.IsWindows())
            Assert.Ignore("needs symbolic links");
        using var folder = new TemporaryFolder();
        var (file, other, link) = (folder.Write("file", "x"), folder.Write("other", "x"), folder.File("link"));
        File.CreateSymbolicLink(link, file);
        Assert.That(OutputTarget.IsSame(file, link), Is.True);
        Assert.That(OutputTarget.IsSame(Path.Combine(folder.Path, ".", "file"), file), Is.True);
        Assert.That(OutputTarget.IsSame(file, other), Is.False);
        Assert.That(OutputTarget.IsSame(file, folder.File("absent")), Is.False);
    }

    private static void Two(string folder, string text)
    {
        File.WriteAllText(Path.Combine(folder, "a"), text);
        File.WriteAllText(Path.Combine(folder, "b"), text);
    }
}
