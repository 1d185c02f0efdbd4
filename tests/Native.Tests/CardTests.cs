using System.Diagnostics;
using System.Runtime.CompilerServices;
using NUnit.Framework;
using TaalasSim.Runtime.Card.Protocol;
using TaalasSim.Runtime.Decode;
using TaalasSim.Runtime.Host.Generate;
using TaalasSim.Runtime.Host.Remote;
using TaalasSim.Support;

namespace TaalasSim.Native.Tests;

/// <summary>Programs use a card through the library: tokens are those of <c>run</c>, and what goes wrong has its code.</summary>
[Category("Smoke")]
[NonParallelizable]
public unsafe class CardTests
{
    private const string Prompt = "The dog";
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(2);
    private string? _before;
    private string _folder = "";
    private nint _card;

    [OneTimeSetUp]
    public void Start()
    {
        _ = DriverLibrary.File;
        // A socket's path is short.
        _folder = Directory.CreateTempSubdirectory("tsn").FullName;
        _before = Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR");
        Environment.SetEnvironmentVariable("XDG_RUNTIME_DIR", _folder);
        // The library's runtime is another and reads the process's own environment.
        Environ.Set("XDG_RUNTIME_DIR", _folder);
    }

    [SetUp]
    public void Open()
    {
        PowerOn("card");
        Check(Driver.Open("card", out _card));
    }

    [TearDown]
    public void Close()
    {
        if (_card != 0)
            Driver.Close(_card);
        _card = 0;
    }

    [OneTimeTearDown]
    public void Stop()
    {
        if (_folder.Length == 0)
            return;
        foreach (var name in DeviceFolder.Names())
            RemoteCard.Stop(name);
        Environment.SetEnvironmentVariable("XDG_RUNTIME_DIR", _before);
        Directory.Delete(_folder, recursive: true);
    }

    private static void PowerOn(string name)
    {
        if (DeviceFolder.IsUp(name))
            return;
        var started = Taalas.Run("device", "start", Taalas.StoriesChip, "--name", name, "--threads", "1");
        Assert.That(started.ExitCode, Is.Zero, started.Error);
    }

    private static void Check(int status) => Assert.That(status, Is.Zero, $"0x{status:x4} {Driver.LastError}");

    private int[] Ids(string text)
    {
        var ids = new int[64];
        Check(Driver.Tokenize(_card, text, ids, (uint)ids.Length, out var count));
        return ids[..(int)count];
    }

    private nint Context(Driver.Sampler? sampler = null, uint positions = 0)
    {
        var settings = new Driver.Settings
        {
            Size = (uint)sizeof(Driver.Settings),
            Positions = positions,
            Sampler = sampler ?? new Driver.Sampler { TopP = 1, RepeatPenalty = 1 },
        };
        Check(Driver.CreateContext(_card, ref settings, out var context));
        return context;
    }

    private nint Prefilled(Driver.Sampler? sampler = null)
    {
        var context = Context(sampler);
        var ids = Ids(Prompt);
        Check(Driver.Prefill(context, ids, (uint)ids.Length, 0, 0, out var length));
        Assert.That(length, Is.EqualTo(ids.Length));
        return context;
    }

    private static List<Driver.Token> Tokens(nint context, uint most)
    {
        Check(Driver.Decode(context, most, 0, out var stream));
        var tokens = new List<Driver.Token>();
        int status;
        while ((status = Driver.Next(stream, out var token)) != Driver.End)
        {
            Check(status);
            tokens.Add(token);
        }
        Check(Driver.EndStream(stream));
        return tokens;
    }

    [Test]
    public void A_C_and_a_Python_program_tell_the_story_of_run()
    {
        using var folder = new TemporaryFolder();
        var story = DriverLibrary.Compile(Shared.InRepo("samples/C/story.c"), folder.File("story"));
        var run = Taalas.Run("run", Taalas.StoriesChip, "-p", Prompt, "-n", "60", "--greedy", "--json").Json();
        var text = run.GetProperty("text").GetString()!;
        var (code, said) = DriverLibrary.Run(story, ["card", Prompt, "60"]);
        Assert.That(code, Is.Zero, said);
        Assert.That(said, Does.StartWith(text + "\n").And.Contain(" uJ above idle"));
        if (!Tools.Has("python3"))
            Assert.Ignore("needs python3");
        (code, said) = DriverLibrary.Run(
            "python3",
            [Shared.InRepo("samples/Python/story.py"), DriverLibrary.File, "card", Prompt, "60"]
        );
        Assert.That(said, Is.EqualTo(text));
        (code, said) = DriverLibrary.Run(story, ["none", Prompt, "60"]);
        Assert.That(code, Is.EqualTo(1));
        Assert.That(said, Does.Contain("0x1003").And.Contain("'none' is not running"));
    }

    [TestCase("C/story.c")]
    [TestCase("Python/story.py")]
    public void A_sample_has_fewer_than_forty_lines(string name) =>
        Assert.That(File.ReadAllLines(Shared.InRepo("samples/" + name)), Has.Length.LessThan(40));

    [Test]
    public void Sampled_tokens_and_logits_are_those_of_the_driver_in_this_process()
    {
        var settings = new SamplerSettings
        {
            Temperature = 0.9f,
            TopK = 30,
            TopP = 0.9f,
            MinP = 0.02f,
            RepeatPenalty = 1.1f,
            FrequencyPenalty = 0.1f,
            PresencePenalty = 0.2f,
            LastN = 32,
            Seed = 11,
        };
        var mine = Prefilled(Same(settings));
        using var card = RemoteCard.Open("card");
        using var context = card.OpenContext(card.Device.Context, settings, [], ownChannel: true);
        context.Prefill(Ids(Prompt), 0);
        var logits = new float[card.Vocabulary];
        Check(Driver.ReadLogits(mine, logits, (uint)logits.Length));
        Assert.That(logits, Is.EqualTo(context.Logits(0)));
        Assert.That(Tokens(mine, 50).Select(t => t.Id), Is.EqualTo(context.DecodeStream(50).Select(t => t.Id)));
        var other = Same(settings with { Seed = 12 });
        Check(Driver.Trim(mine, 0));
        Check(Driver.SetSampler(mine, ref other));
        context.Trim(0);
        context.SetSampler(settings with { Seed = 12 });
        Check(Driver.Prefill(mine, Ids(Prompt), (uint)Ids(Prompt).Length, 0, 0, out _));
        context.Prefill(Ids(Prompt), 0);
        var (left, right) = (Tokens(mine, 50), context.DecodeStream(50).ToList());
        Assert.That(left.Select(t => (t.Id, t.IsLast)), Is.EqualTo(right.Select(t => (t.Id, t.IsLast ? 1u : 0))));
        Assert.That(left.Select(t => t.Position), Is.EqualTo(right.Select(t => (uint)t.Position)));
        Assert.That(left.Select(t => t.TimeNs), Is.Ordered.Ascending);
    }

    private static Driver.Sampler Same(SamplerSettings s) =>
        new()
        {
            Temperature = s.Temperature,
            TopK = s.TopK,
            TopP = s.TopP,
            MinP = s.MinP,
            RepeatPenalty = s.RepeatPenalty,
            Frequency = s.FrequencyPenalty,
            Presence = s.PresencePenalty,
            LastN = s.LastN,
            Seed = s.Seed,
        };

    [Test]
    public void Telemetry_and_properties_are_those_of_the_card_and_fill_no_more_than_their_size()
    {
        var before = RemoteCard.Telemetry("card");
        _ = Tokens(Prefilled(), 10);
        var telemetry = new Driver.Telemetry { Size = (uint)sizeof(Driver.Telemetry) };
        Check(Driver.GetTelemetry(_card, ref telemetry));
        var after = RemoteCard.Telemetry("card");
        Assert.Multiple(() =>
        {
            Assert.That(telemetry.State, Is.EqualTo((uint)DeviceState.Running));
            Assert.That(telemetry.Tokens, Is.EqualTo((ulong)after.Tokens).And.GreaterThan((ulong)before.Tokens));
            Assert.That(telemetry.Joules, Is.EqualTo(after.Joules).And.GreaterThan(before.Joules));
            Assert.That(telemetry.Celsius, Is.InRange(20, 110));
        });
        var status = RemoteCard.Status("card");
        // A struct of a later version is longer: the library leaves its further fields alone.
        var room = new byte[400];
        Array.Fill(room, (byte)0xee);
        BitConverter.TryWriteBytes(room, 340u);
        Check(Driver.GetProperties(_card, room));
        Assert.Multiple(() =>
        {
            Assert.That(BitConverter.ToUInt32(room, 0), Is.EqualTo(340));
            Assert.That(BitConverter.ToUInt32(room, 12), Is.EqualTo((uint)status.Pid));
            Assert.That(BitConverter.ToUInt32(room, 20), Is.EqualTo((uint)status.Context));
            Assert.That(BitConverter.ToInt32(room, 28), Is.EqualTo(Ids("x")[0]));
            Assert.That(System.Text.Encoding.UTF8.GetString(room, 40, 128).TrimEnd('\0'), Is.EqualTo(status.Model));
            Assert.That(room[296..], Has.All.EqualTo((byte)0xee));
        });
    }

    [Test]
    public void Wrong_calls_get_their_code_and_change_nothing()
    {
        var context = Prefilled();
        var (small, none) = (new Driver.Telemetry { Size = 8 }, new Driver.Settings());
        Assert.Multiple(() =>
        {
            Assert.That(Driver.Open("../x", out _), Is.EqualTo(Driver.BadArgument));
            Assert.That(Driver.Open("nobody", out var nobody), Is.EqualTo(Driver.NoDevice));
            Assert.That(nobody, Is.EqualTo((nint)0));
            Assert.That(Driver.OpenRaw(0, 0), Is.EqualTo(Driver.BadArgument));
            Assert.That(Driver.GetTelemetry(_card, ref small), Is.EqualTo(Driver.BadArgument));
            Assert.That(Driver.LastError, Does.Contain("telemetry->size is 8; set it to 96"));
            Assert.That(Driver.GetTelemetry(_card, ref Unsafe.NullRef<Driver.Telemetry>()), Is.EqualTo(Driver.BadArgument));
            Assert.That(Driver.CreateContext(_card, ref none, out _), Is.EqualTo(Driver.BadArgument));
            Assert.That(Driver.Close(context), Is.EqualTo(Driver.BadHandle));
            Assert.That(Driver.FreeContext(_card), Is.EqualTo(Driver.BadHandle));
            Assert.That(Driver.FreeContext(12345), Is.EqualTo(Driver.BadHandle));
            var length = (uint)Ids(Prompt).Length;
            Assert.That(Driver.Prefill(context, [1_000_000], 1, length, 0, out _), Is.EqualTo((int)StatusCode.BadTokenId));
            Assert.That(Driver.Prefill(context, [1], 1, 0, 0, out _), Is.EqualTo((int)StatusCode.BadField), "position");
            Assert.That(Driver.Tokenize(_card, Prompt, [], 0, out var count), Is.EqualTo(Driver.BufferTooSmall));
            Assert.That(count, Is.EqualTo(Ids(Prompt).Length));
            Assert.That(Driver.TokenBytes(_card, -1, [], 0, out _), Is.EqualTo(Driver.BadArgument));
            Assert.That(Driver.ReadLogits(context, new float[1], 1), Is.EqualTo(Driver.BufferTooSmall));
        });
        Check(Driver.Cancel(context));
        Assert.That(Tokens(context, 5), Has.Count.EqualTo(5), "a cancel without a call has no effect");
        Check(Driver.FreeContext(context));
        Assert.That(Driver.FreeContext(context), Is.EqualTo(Driver.BadHandle));
        Assert.That(Driver.LastError, Does.Contain("context was freed"));
    }

    [Test]
    public void A_stream_is_cancelled_from_another_thread_and_its_context_goes_on()
    {
        var context = Prefilled();
        Check(Driver.Decode(context, 200, 0, out var stream));
        Check(Driver.Next(stream, out var token));
        Assert.That(Driver.Decode(context, 1, 0, out _), Is.EqualTo(Driver.Busy));
        Assert.That(Driver.Trim(context, 0), Is.EqualTo(Driver.Busy));
        var thread = new Thread(() => Driver.Cancel(context));
        thread.Start();
        thread.Join();
        Assert.That(Driver.Next(stream, out token), Is.EqualTo((int)StatusCode.Cancelled));
        Assert.That(Driver.Next(stream, out token), Is.EqualTo((int)StatusCode.Cancelled), "not a normal end");
        Check(Driver.EndStream(stream));
        Assert.That(Driver.EndStream(stream), Is.EqualTo(Driver.BadHandle));
        Check(Driver.Trim(context, 0));
        Check(Driver.Prefill(context, Ids(Prompt), (uint)Ids(Prompt).Length, 0, 0, out _));
        Assert.That(Tokens(context, 5), Has.Count.EqualTo(5));
    }

    [Test]
    public void Contexts_give_their_channels_and_slots_back()
    {
        var expected = Tokens(Prefilled(), 3).ConvertAll(t => t.Id);
        // More than the card has channels.
        for (var i = 0; i < 150; i++)
        {
            var context = Prefilled();
            if (i % 50 == 0)
                Assert.That(Tokens(context, 3).Select(t => t.Id), Is.EqualTo(expected));
            Check(Driver.FreeContext(context));
        }
        Assert.That(RemoteCard.Status("card").Channels, Is.LessThanOrEqualTo(3));
    }

    [Test]
    public void An_image_is_loaded_and_a_wrong_one_leaves_the_former()
    {
        var image = RuntimeImageFile.Of(Taalas.StoriesChip);
        var damaged = image.ToArray();
        damaged[^1] ^= 1;
        var context = Prefilled();
        var expected = Tokens(context, 5).ConvertAll(t => t.Id);
        var generation = RemoteCard.Status("card").Generation;
        using (RemoteCard.Open("card"))
            Assert.That(Driver.LoadImage(_card, image, (ulong)image.Length), Is.EqualTo(Driver.Busy));
        Assert.That(Driver.LastError, Is.EqualTo("1 other clients hold the card (0x0009 Busy)"));
        AwaitClients("card", 1);
        Assert.That(Driver.FreeContext(context), Is.EqualTo(Driver.BadHandle));
        Check(Driver.LoadImage(_card, image, (ulong)image.Length));
        Assert.That(RemoteCard.Status("card").Generation, Is.EqualTo(generation), "another image is no reset");
        Assert.That(Tokens(Prefilled(), 5).Select(t => t.Id), Is.EqualTo(expected));
        Assert.That(Driver.LoadImage(_card, damaged, (ulong)damaged.Length), Is.EqualTo((int)StatusCode.ImageRejected), Driver.LastError);
        Assert.That(Tokens(Prefilled(), 5).Select(t => t.Id), Is.EqualTo(expected));
        Assert.That(Driver.LoadImage(_card, image, 0), Is.EqualTo(Driver.BadArgument));
    }

    [Test]
    public void A_program_that_is_killed_is_forgotten_and_one_whose_card_is_killed_learns_it()
    {
        PowerOn("doomed");
        using var folder = new TemporaryFolder();
        var story = DriverLibrary.Compile(Shared.InRepo("samples/C/story.c"), folder.File("story"));
        using (var client = DriverLibrary.Start(story, ["doomed", Prompt, "250"]))
        {
            while (RemoteCard.Status("doomed").Clients == 0 && !client.HasExited)
                Thread.Sleep(1);
            client.Kill();
            client.WaitForExit();
        }
        AwaitClients("doomed", 0);
        Check(Driver.Open("doomed", out var card));
        Check(Driver.Close(_card));
        _card = card;
        var context = Prefilled();
        Check(Driver.Decode(context, 200, 0, out var stream));
        Check(Driver.Next(stream, out var token));
        using (var process = Process.GetProcessById(RemoteCard.Status("doomed").Pid))
            process.Kill();
        var watch = Stopwatch.StartNew();
        int status;
        while ((status = Driver.Next(stream, out token)) == Driver.Ok) { }
        Assert.That(status, Is.EqualTo((int)StatusCode.Link), Driver.LastError);
        Assert.That(watch.Elapsed, Is.LessThan(Recovery));
        Assert.That(Driver.Next(stream, out token), Is.EqualTo((int)StatusCode.Link), "what failed is no normal end");
        Assert.That(Driver.Reopen(_card), Is.EqualTo((int)StatusCode.Link));
        PowerOn("doomed");
        Check(Driver.Reopen(_card));
        Assert.That(Driver.Next(stream, out token), Is.EqualTo(Driver.BadHandle));
        Assert.That(Tokens(Prefilled(), 5), Has.Count.EqualTo(5));
        RemoteCard.Reset("doomed", function: false);
        Assert.That(Driver.GetTelemetry(_card, ref Unsafe.NullRef<Driver.Telemetry>()), Is.EqualTo(Driver.BadArgument));
        var settings = new Driver.Settings { Size = (uint)sizeof(Driver.Settings), Sampler = new() { TopP = 1, RepeatPenalty = 1 } };
        Assert.That(Driver.CreateContext(_card, ref settings, out _), Is.EqualTo((int)StatusCode.DeviceReset), Driver.LastError);
    }

    private static void AwaitClients(string name, int most)
    {
        var watch = Stopwatch.StartNew();
        while (RemoteCard.Status(name) is var status && status.Clients > most)
            Assert.That(watch.Elapsed, Is.LessThan(Recovery), $"{status.Clients} clients are left");
    }
}
