using System.Diagnostics;
using NUnit.Framework;
using TaalasSim.Runtime.Card.Protocol;
using TaalasSim.Runtime.Decode;
using TaalasSim.Runtime.Host.Driver;
using TaalasSim.Runtime.Host.Remote;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests.Commands;

/// <summary>A card in a process of its own: tokens are those of <c>run</c>, and each side survives the sudden death of the other.</summary>
[Category("Smoke")]
[NonParallelizable]
public class DeviceCommandTests
{
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(2);
    private static readonly int[] Prompt = [1, 403, 407, 261, 378];
    private string? _before;
    private string _folder = "";

    [OneTimeSetUp]
    public void Start()
    {
        // A socket's path is short.
        _folder = Directory.CreateTempSubdirectory("tsd").FullName;
        _before = Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR");
        Environment.SetEnvironmentVariable("XDG_RUNTIME_DIR", _folder);
    }

    [OneTimeTearDown]
    public void Stop()
    {
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

    private static InferenceContext Open(RemoteCard card)
    {
        var context = card.OpenContext(256, SamplerSettings.Greedy, [], ownChannel: true);
        context.Prefill(Prompt, 0);
        return context;
    }

    // Ends once the card has no client left; fails after the time that recovery may take.
    private static void AwaitNoClients(string name)
    {
        var watch = Stopwatch.StartNew();
        while (RemoteCard.Status(name) is { Clients: > 0 } status)
            Assert.That(watch.Elapsed, Is.LessThan(Recovery), $"{status.Clients} clients are left");
    }

    [Test]
    public void Tokens_of_a_device_are_those_of_run_and_clients_do_not_disturb_each_other()
    {
        PowerOn("card");
        string[] ask = ["-p", "The dog", "-n", "24", "--seed", "7", "--json"];
        var alone = Taalas.Run(["run", Taalas.StoriesChip, .. ask]).Json();
        using (var card = RemoteCard.Open("card"))
        {
            using var context = Open(card);
            var begun = context.DecodeStream(100).Take(50).Select(t => t.Id).ToArray();
            var shared = Taalas.Run(["run", "--device", "card", .. ask]).Json();
            Assert.That(shared.GetProperty("text").GetString(), Is.EqualTo(alone.GetProperty("text").GetString()));
            Assert.That(
                shared.GetProperty("simulated").GetProperty("tokens_per_second_user").GetDouble(),
                Is.EqualTo(alone.GetProperty("simulated").GetProperty("tokens_per_second_user").GetDouble()).Within(1).Percent
            );
            using var other = Open(card);
            Assert.That(other.DecodeStream(50).Select(t => t.Id), Is.EqualTo(begun));
        }
        AwaitNoClients("card");
    }

    [Test]
    public void A_client_that_is_killed_is_forgotten()
    {
        PowerOn("card");
        using var client = Taalas.Start(new Dictionary<string, string>(), "run", "--device", "card", "-p", "-", "-n", "1");
        // It waits for its prompt, or is anywhere before or after.
        client.Kill();
        client.WaitForExit();
        using (var card = RemoteCard.Open("card"))
        {
            using var context = Open(card);
            Assert.That(context.DecodeStream(5).Count(), Is.EqualTo(5));
            Assert.That(RemoteCard.Status("card").Clients, Is.EqualTo(1));
        }
        AwaitNoClients("card");
        Assert.That(Directory.GetFiles(DeviceFolder.Path, "*.mem"), Is.Empty, "memory of dead clients stays");
    }

    [Test]
    public void A_reset_ends_every_hold_with_its_code_and_the_card_takes_new_ones()
    {
        PowerOn("card");
        using var card = RemoteCard.Open("card");
        using var context = Open(card);
        using var stream = context.DecodeStream(200).GetEnumerator();
        Assert.That(stream.MoveNext());
        var generation = RemoteCard.Status("card").Generation;
        RemoteCard.Reset("card", function: false);
        var fault = Assert.Throws<DriverException>(() =>
        {
            while (stream.MoveNext()) { }
        });
        Assert.That(fault!.Code, Is.EqualTo(StatusCode.DeviceReset));
        Assert.That(RemoteCard.Status("card").Generation, Is.EqualTo(generation + 1));
        using var again = card.Reopen();
        using var fresh = again.OpenContext(16, SamplerSettings.Greedy, [], ownChannel: false);
        Assert.That(fresh.Prefill(Prompt, 0), Is.EqualTo(Prompt.Length));
    }

    [Test]
    public void A_fault_strikes_by_name_with_its_argument_and_one_that_is_none_is_refused()
    {
        PowerOn("card");
        using var card = RemoteCard.Open("card");
        using var context = Open(card);
        var unknown = Taalas.Run("device", "fault", "card", "kv-bat");
        // A double bit error (argument 2, the standard one) is not corrected: the command fails.
        var known = Taalas.Run("device", "fault", "card", "kv-bit");
        Assert.Multiple(() =>
        {
            Assert.That(unknown.ExitCode, Is.EqualTo(2));
            Assert.That(unknown.Error, Does.Contain("no fault 'kv-bat'").And.Contain("kv-bit"));
            Assert.That(known.ExitCode, Is.Zero, known.Error);
            Assert.Throws<DriverException>(() => _ = context.DecodeStream(20).Count());
        });
    }

    [Test]
    public void When_the_card_is_killed_its_clients_learn_it_at_once_and_it_can_be_started_again()
    {
        PowerOn("doomed");
        using var card = RemoteCard.Open("doomed");
        using var context = Open(card);
        using var stream = context.DecodeStream(200).GetEnumerator();
        Assert.That(stream.MoveNext());
        using (var process = Process.GetProcessById(card.Device.Pid))
            process.Kill();
        var watch = Stopwatch.StartNew();
        var fault = Assert.Throws<DriverException>(() =>
        {
            while (stream.MoveNext()) { }
        });
        Assert.That(fault!.Code, Is.EqualTo(StatusCode.Link));
        Assert.That(watch.Elapsed, Is.LessThan(Recovery));
        var late = Taalas.Run("run", "--device", "doomed", "-p", "x");
        Assert.That(late.ExitCode, Is.EqualTo(2));
        Assert.That(late.Error, Does.Contain("device 'doomed' is not running"));
        PowerOn("doomed");
        using var again = card.Reopen();
        Assert.That(again.Telemetry().State, Is.EqualTo(DeviceState.Running));
    }

    [Test]
    public void Names_that_are_none_and_chips_that_are_not_there_are_refused()
    {
        Assert.That(Taalas.Run("device", "status", "../x").ExitCode, Is.EqualTo(2));
        var missing = Taalas.Run("device", "start", Path.Combine(_folder, "none.chip"), "--name", "none");
        Assert.That(missing.ExitCode, Is.EqualTo(2));
        Assert.That(missing.Error, Does.Contain("none.chip"));
        PowerOn("card");
        Assert.That(Taalas.Run("run", "--device", "card", "-p", "x", "--context", "8").Error, Does.Contain("--context belongs to"));
    }
}
