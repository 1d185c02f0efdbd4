using System.Diagnostics;
using NUnit.Framework;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Hub;
using TaalasSim.Support;

namespace TaalasSim.Compiler.Tests.Hub;

/// <summary>Pulls from a Hub in this process: the cache's layout, tokens, interruptions, refusals.</summary>
[TestFixture, Category("Compiler")]
public sealed class PullModelTests
{
    private static readonly byte[] Config = "{}"u8.ToArray();
    private static readonly byte[] Weights = [.. Enumerable.Range(0, 5000).Select(i => (byte)(i * 7))];

    [Test]
    public async Task Files_lie_in_the_layout_of_huggingface_hub()
    {
        using var hub = Folder();
        using var cache = new TemporaryFolder();
        var snapshot = await PullAsync(hub, cache, "a/b", revision: "v/1");
        var folder = Path.Combine(cache.Path, "models--a--b");
        var link = new FileInfo(Path.Combine(folder, "snapshots", FakeHub.Commit, "model.safetensors"));
        Assert.Multiple(() =>
        {
            Assert.That(File.ReadAllText(Path.Combine(folder, "refs", "v", "1")), Is.EqualTo(FakeHub.Commit));
            Assert.That(link.LinkTarget, Is.EqualTo($"../../blobs/{FakeHub.Sha256(Weights)}"));
            Assert.That(File.ReadAllBytes(link.FullName), Is.EqualTo(Weights));
            Assert.That(
                Directory.GetFiles(Path.Combine(folder, "blobs")).Select(Path.GetFileName),
                Is.EquivalentTo((string[])[FakeHub.Sha256(Weights), FakeHub.GitId(Config)])
            );
            Assert.That(File.Exists(Path.Combine(folder, "trees", FakeHub.Commit + ".json")));
            Assert.That(File.Exists(Path.Combine(cache.Path, "CACHEDIR.TAG")));
            Assert.That(snapshot.ModelPath, Is.EqualTo(link.DirectoryName));
            Assert.That(snapshot.Fetched, Is.EqualTo(Weights.Length + Config.Length));
        });
    }

    [Test]
    public async Task What_the_cache_has_is_not_fetched_again()
    {
        using var hub = Folder();
        using var cache = new TemporaryFolder();
        await PullAsync(hub, cache, "a/b");
        hub.ClearLog();
        var again = await PullAsync(hub, cache, "a/b");
        Assert.Multiple(() =>
        {
            Assert.That(again.Fetched, Is.Zero);
            Assert.That(hub.Log.Select(r => r.Path), Has.None.Contains("resolve"));
        });
    }

    [Test]
    public async Task Token_goes_to_the_endpoint_and_to_no_other_port()
    {
        using var hub = Folder();
        hub.Private = true;
        using var cache = new TemporaryFolder();
        await PullAsync(hub, cache, "old/name", token: FakeHub.Token);
        Assert.Multiple(() =>
        {
            Assert.That(hub.Log.Where(r => r.AtStorage), Is.Not.Empty);
            Assert.That(hub.Log.Where(r => r.AtStorage).Select(r => r.Authorization), Has.All.Null);
            Assert.That(hub.Log.Where(r => !r.AtStorage).Select(r => r.Authorization), Has.All.EqualTo($"Bearer {FakeHub.Token}"));
        });
    }

    [Test]
    public async Task Renamed_repository_is_followed_and_noted()
    {
        using var hub = Folder();
        using var cache = new TemporaryFolder();
        var snapshot = await PullAsync(hub, cache, "old/name");
        Assert.Multiple(() =>
        {
            Assert.That(snapshot.Notes, Has.Some.Contains("has moved").And.Some.Contains("a/b"));
            Assert.That(Directory.Exists(Path.Combine(cache.Path, "models--old--name")));
        });
    }

    [Test]
    public async Task Interrupted_content_goes_on_where_it_stopped()
    {
        using var hub = Folder();
        var cuts = 0;
        hub.CutAfter = () => Interlocked.Increment(ref cuts) == 1 ? 2000 : 0;
        using var cache = new TemporaryFolder();
        await PullAsync(hub, cache, "a/b");
        Assert.Multiple(() =>
        {
            Assert.That(hub.Log.Where(r => r.AtStorage).Select(r => r.Range), Is.EqualTo((string?[])[null, "bytes=2000-"]));
            Assert.That(Blob(cache), Is.EqualTo(Weights));
        });
    }

    [Test]
    public async Task Content_of_an_earlier_run_is_used()
    {
        using var hub = Folder();
        using var cache = new TemporaryFolder();
        var blobs = Directory.CreateDirectory(Path.Combine(cache.Path, "models--a--b", "blobs")).FullName;
        var digest = FakeHub.Sha256(Weights);
        File.WriteAllBytes(Path.Combine(blobs, $"{digest}.01234567.incomplete"), Weights[..3000]);
        await PullAsync(hub, cache, "a/b");
        Assert.Multiple(() =>
        {
            Assert.That(hub.Log.Single(r => r.AtStorage).Range, Is.EqualTo("bytes=3000-"));
            Assert.That(Directory.GetFiles(blobs, "*.incomplete"), Is.Empty);
            Assert.That(Blob(cache), Is.EqualTo(Weights));
        });
    }

    [Test]
    public async Task Wrong_content_of_an_earlier_run_is_fetched_anew()
    {
        using var hub = Folder();
        using var cache = new TemporaryFolder();
        var blobs = Directory.CreateDirectory(Path.Combine(cache.Path, "models--a--b", "blobs")).FullName;
        File.WriteAllBytes(Path.Combine(blobs, $"{FakeHub.Sha256(Weights)}.01234567.incomplete"), new byte[3000]);
        await PullAsync(hub, cache, "a/b");
        Assert.That(Blob(cache), Is.EqualTo(Weights));
    }

    [Test]
    public async Task Server_that_always_cuts_ends_after_bounded_tries()
    {
        using var hub = Folder();
        hub.CutAfter = () => 100;
        using var cache = new TemporaryFolder();
        await RefusesAsync(hub, cache, "a/b", "cannot be reached");
        Assert.Multiple(() =>
        {
            Assert.That(hub.Log.Count(r => r.AtStorage), Is.EqualTo(5));
            Assert.That(File.Exists(BlobPath(cache)), Is.False);
        });
    }

    [Test]
    public async Task Damaged_content_gets_no_name()
    {
        using var hub = Folder();
        hub.Damage = bytes => [.. bytes[..^1], (byte)(bytes[^1] ^ 1)];
        using var cache = new TemporaryFolder();
        await RefusesAsync(hub, cache, "a/b", "the content is corrupt");
        Assert.That(Directory.GetFiles(Path.Combine(cache.Path, "models--a--b", "blobs")), Is.Empty);
    }

    [Test]
    public async Task Busy_Hub_is_asked_again_after_the_time_that_it_says()
    {
        using var hub = Folder();
        var first = 1;
        hub.Interfere = (request, response) =>
            request.AtStorage
            && Interlocked.Exchange(ref first, 0) == 1
            && FakeHub.Answer(response, 429, "", ("RateLimit", "\"resolvers\";r=0;t=0"));
        using var cache = new TemporaryFolder();
        var watch = Stopwatch.StartNew();
        await PullAsync(hub, cache, "a/b");
        Assert.That(watch.Elapsed, Is.GreaterThan(TimeSpan.FromSeconds(0.9)), "t + 1 seconds");
    }

    [Test]
    public async Task Hub_that_is_down_is_given_up_after_five_tries()
    {
        using var hub = Folder();
        hub.Interfere = (_, response) => FakeHub.Answer(response, 503, "<html>");
        using var cache = new TemporaryFolder();
        await RefusesAsync(hub, cache, "a/b", "HTTP 503 (service unavailable)");
        Assert.That(hub.Log, Has.Count.EqualTo(5));
    }

    [Test]
    public async Task Copy_in_the_cache_serves_when_the_Hub_cannot_be_reached()
    {
        using var hub = Folder();
        using var cache = new TemporaryFolder();
        await PullAsync(hub, cache, "a/b");
        hub.Interfere = (_, response) => FakeHub.Answer(response, 502);
        var snapshot = await PullAsync(hub, cache, "a/b");
        Assert.That(snapshot.Notes, Has.One.Contains("the copy in the cache is used"));
    }

    [Test]
    public async Task Offline_nothing_is_asked()
    {
        using var hub = Folder();
        using var cache = new TemporaryFolder();
        await PullAsync(hub, cache, "a/b");
        hub.ClearLog();
        var offline = Environment(hub, cache) with { OfflineBy = "HF_HUB_OFFLINE" };
        var snapshot = await PullModel.RunAsync(HubReference.Parse("hf:a/b"), offline);
        File.Delete(Path.Combine(snapshot.Folder, "model.safetensors"));
        Assert.Multiple(() =>
        {
            Assert.That(snapshot.Files, Has.Count.EqualTo(2));
            Assert.That(
                () => PullModel.RunAsync(HubReference.Parse("hf:a/b"), offline),
                Throws.TypeOf<InputException>().With.Message.Contain("'model.safetensors'").And.Message.Contain("HF_HUB_OFFLINE")
            );
            Assert.That(
                () => PullModel.RunAsync(HubReference.Parse("hf:a/c"), offline),
                Throws
                    .TypeOf<InputException>()
                    .With.Message.Contain("not in local cache, and offline mode is on (HF_HUB_OFFLINE): a/c@main")
            );
            Assert.That(hub.Log, Is.Empty);
        });
    }

    [Test]
    public async Task Two_pulls_at_once_fetch_once()
    {
        using var hub = Folder();
        using var cache = new TemporaryFolder();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => PullAsync(hub, cache, "a/b"))));
        Assert.Multiple(() =>
        {
            Assert.That(hub.Log.Count(r => r.AtStorage), Is.EqualTo(1));
            Assert.That(Blob(cache), Is.EqualTo(Weights));
        });
    }

    [TestCase("../../evil.gguf")]
    [TestCase("/etc/evil.gguf")]
    [TestCase("a/../../evil.gguf")]
    [TestCase("C:\\evil.gguf")]
    [TestCase("con/evil.gguf")]
    [TestCase("a//evil.gguf")]
    public async Task Paths_that_leave_the_folder_are_refused(string path)
    {
        using var hub = Folder();
        hub.ListedPaths.Add(path);
        using var cache = new TemporaryFolder();
        await RefusesAsync(hub, cache, "a/b", "which leaves its folder");
        Assert.That(Directory.GetFiles(cache.Path, "*evil*", SearchOption.AllDirectories), Is.Empty);
    }

    [Test]
    public void Absent_file_is_refused_and_remembered()
    {
        using var hub = Folder();
        using var cache = new TemporaryFolder();
        var reference = HubReference.Parse("hf:a/b") with { File = "nope.gguf" };
        Assert.That(
            () => PullModel.RunAsync(reference, Environment(hub, cache)),
            Throws.TypeOf<InputException>().With.Message.Contain("entry not found: no file 'nope.gguf'")
        );
        Assert.That(File.Exists(Path.Combine(cache.Path, "models--a--b", ".no_exist", FakeHub.Commit, "nope.gguf")));
    }

    [TestCaseSource(nameof(Refusals))]
    public async Task Refusal_says_what_to_do(string name, Action<FakeHub> set, string? token, string what)
    {
        using var hub = Folder();
        set(hub);
        using var cache = new TemporaryFolder();
        var fault = (await Assert.ThrowsAsync<InputException>(() => PullAsync(hub, cache, name, token: token)))!;
        Assert.That(fault.Message, Does.Contain(what).And.Not.Contain("\n").And.Not.Contain("\u001b").And.Not.Contain(FakeHub.Token));
    }

    private static IEnumerable<TestCaseData> Refusals()
    {
        static TestCaseData Case(string label, Action<FakeHub> set, string what, string name = "a/b", string? token = null) =>
            new TestCaseData(name, set, token, what).SetArgDisplayNames(label);
        static Action<FakeHub> Always(int status, string text, params (string, string)[] headers) =>
            hub => hub.Interfere = (_, response) => FakeHub.Answer(response, status, text, headers);
        static Action<FakeHub> AtFile(int status, string text, params (string, string)[] headers) =>
            hub =>
                hub.Interfere = (r, response) =>
                    r.Path.Contains("/resolve/", StringComparison.Ordinal) && FakeHub.Answer(response, status, text, headers);
        var gated = ("X-Error-Code", "GatedRepo");
        yield return Case("private without token", hub => hub.Private = true, "set HF_TOKEN");
        yield return Case("private with another's token", hub => hub.Private = true, "check that the token", token: FakeHub.Token + "b");
        yield return Case("absent", _ => { }, "repository not found", "a/none");
        yield return Case("gated without token", AtFile(401, "", gated), "accept its conditions");
        yield return Case("gated with token", AtFile(403, "", gated), "not on its list", token: FakeHub.Token);
        yield return Case(
            "token refused",
            Always(401, "", ("X-Error-Message", "Invalid credentials")),
            "'Invalid credentials'",
            token: FakeHub.Token
        );
        yield return Case("disabled", Always(403, "", ("X-Error-Message", "Access to this resource is disabled.")), "has disabled access");
        yield return Case("not a Hub: HTML", Always(200, "<html>"), "is not the endpoint of a Hub");
        yield return Case("not a Hub: other JSON", Always(200, "{}"), "is not the endpoint of a Hub");
        yield return Case("not a Hub: no commit", AtFile(200, "{}"), "X-Repo-Commit");
        yield return Case("sent on for ever", Always(307, "", ("Location", "/loop")), "more than 8 times");
        yield return Case("sent on to a file", Always(302, "", ("Location", "file:///etc/passwd")), "an address that is not read");
        yield return Case(
            "list goes on elsewhere",
            hub =>
                hub.Interfere = (r, response) =>
                    r.Path.Contains("/tree/", StringComparison.Ordinal)
                    && FakeHub.Answer(response, 200, "[]", ("Link", "<http://127.0.0.1:9/x>; rel=\"next\"")),
            "at another host"
        );
        yield return Case(
            "more bytes than listed",
            hub =>
            {
                hub.Damage = bytes => [.. bytes, 0];
            },
            "sends more than"
        );
    }

    private static FakeHub Folder()
    {
        var hub = new FakeHub();
        hub.Files["config.json"] = Config;
        hub.Files["model.safetensors"] = Weights;
        hub.Files["pytorch_model.bin"] = [1];
        return hub;
    }

    private static HubEnvironment Environment(FakeHub hub, TemporaryFolder cache, string? token = null) =>
        new()
        {
            Endpoint = new Uri(hub.Endpoint),
            Cache = cache.Path,
            Token = token,
            FirstWait = TimeSpan.FromMilliseconds(1),
        };

    private static Task<HubSnapshot> PullAsync(
        FakeHub hub,
        TemporaryFolder cache,
        string name,
        string? token = null,
        string revision = "main"
    ) => PullModel.RunAsync(HubReference.Parse("hf:" + name) with { Revision = revision }, Environment(hub, cache, token));

    private static async Task RefusesAsync(FakeHub hub, TemporaryFolder cache, string name, string what)
    {
        var fault = (await Assert.ThrowsAsync<InputException>(() => PullAsync(hub, cache, name)))!;
        Assert.That(fault.Message, Does.Contain(what).And.Not.Contain("\n"));
    }

    private static string BlobPath(TemporaryFolder cache) => Path.Combine(cache.Path, "models--a--b", "blobs", FakeHub.Sha256(Weights));

    private static byte[] Blob(TemporaryFolder cache) => File.ReadAllBytes(BlobPath(cache));
}
