using NUnit.Framework;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Hub;
using TaalasSim.Support;

namespace TaalasSim.Compiler.Tests.Hub;

/// <summary>What the cache holds is listed and removed.</summary>
[TestFixture, Category("Compiler")]
public sealed class HubCacheTests
{
    private static readonly string First = new('a', 40);
    private static readonly string Second = new('b', 40);
    private static readonly string Shared = new('1', 64);
    private static readonly string Own = new('2', 64);

    [Test]
    public void Repositories_are_listed_with_their_bytes()
    {
        using var folder = new TemporaryFolder();
        var cache = Filled(folder);
        var found = cache.List().Single();
        Assert.Multiple(() =>
        {
            Assert.That((found.Name, found.Files), Is.EqualTo(("a/b", 3)));
            Assert.That(found.Revisions, Is.EqualTo((string[])["main", "old"]));
            Assert.That(found.Bytes, Is.EqualTo(100 + 50 + 80), "two blobs and two references");
        });
    }

    [Test]
    public void Revision_goes_with_the_blobs_that_no_other_uses()
    {
        using var folder = new TemporaryFolder();
        var cache = Filled(folder);
        cache.Remove("a/b", "old");
        Assert.Multiple(() =>
        {
            Assert.That(File.Exists(cache.Blob("a/b", Own)), Is.False);
            Assert.That(File.Exists(cache.Blob("a/b", Shared)));
            Assert.That(cache.List().Single().Revisions, Is.EqualTo((string[])["main"]));
            Assert.That(
                () => cache.Remove("a/b", "old"),
                Throws.TypeOf<InputException>().With.Message.Contain("revision old is not in the cache")
            );
        });
    }

    [Test]
    public void Repository_goes_whole()
    {
        using var folder = new TemporaryFolder();
        var cache = Filled(folder);
        Assert.Multiple(() =>
        {
            Assert.That(cache.Remove("a/b", null), Is.EqualTo(230));
            Assert.That(cache.List(), Is.Empty);
            Assert.That(() => cache.Remove("a/b", null), Throws.TypeOf<InputException>().With.Message.Contain("is not in the cache"));
        });
    }

    // main has the shared blob, old both.
    private static HubCache Filled(TemporaryFolder folder)
    {
        var cache = new HubCache(folder.Path);
        Directory.CreateDirectory(Path.Combine(cache.Folder("a/b"), "blobs"));
        File.WriteAllBytes(cache.Blob("a/b", Shared), new byte[100]);
        File.WriteAllBytes(cache.Blob("a/b", Own), new byte[50]);
        cache.Link("a/b", First, "sub/x.gguf", Shared);
        cache.Link("a/b", Second, "x.gguf", Shared);
        cache.Link("a/b", Second, "y.gguf", Own);
        cache.WriteReference("a/b", "main", First);
        cache.WriteReference("a/b", "old", Second);
        return cache;
    }
}
