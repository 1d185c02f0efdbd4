using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using TaalasSim.Cli.Options;
using TaalasSim.Cli.Terminal;
using TaalasSim.Runtime.Card.Faults;
using TaalasSim.Runtime.Card.Link;
using TaalasSim.Runtime.Host.Campaign;

namespace TaalasSim.Cli.Commands;

/// <summary><c>device campaign</c>: random faults of the card under traffic.</summary>
internal sealed class DeviceCampaign
{
    private readonly NumberOption<int> _seed = new(
        Ranges.TestSeed,
        1,
        "Seed of the first campaign; each next one has the next seed.",
        "--seed"
    );
    private readonly NumberOption<int> _count = new(Ranges.Repetitions, 100, "Campaigns.", "--count");
    private readonly Option<bool> _json = CommonOptions.Json();

    public static Command Create()
    {
        var self = new DeviceCampaign();
        var campaign = new Command(
            "campaign",
            "Inject random faults of every kind into the simulated card while several clients stream tokens and copy data; "
                + "exits 1 when a token is lost, doubled or wrong. Example: ./taalas device campaign --seed 1 --count 100"
        )
        {
            self._seed,
            self._count,
            self._json,
        };
        campaign.SetAction((parsed, cancel) => Task.FromResult(self.Run(parsed, cancel)));
        return campaign;
    }

    private int Run(ParseResult parsed, CancellationToken cancel)
    {
        var (seed, count) = (parsed.GetValue(_seed), parsed.GetValue(_count));
        // The link of the demonstration fabric's card.
        var card = ChipsFolder.Library.Fabric("demo").Card;
        var constants = ChipsFolder.Library.HostLink("pcie");
        var outcomes = new List<CampaignOutcome>();
        var watch = Stopwatch.StartNew();
        using (var line = new ProgressLine())
            for (var i = 0; i < count; i++)
            {
                cancel.ThrowIfCancellationRequested();
                line.Show("Campaigns", (double)i / count);
                var next = unchecked(seed + i) & int.MaxValue;
                outcomes.Add(FaultCampaign.Run(next, mode => new LatencyModel(card, constants, mode), cancel));
            }

        if (parsed.GetValue(_json))
            WriteJson(outcomes, watch.Elapsed.TotalSeconds);
        else
            WriteText(outcomes, watch.Elapsed.TotalSeconds);
        return outcomes.Exists(o => o.Violations.Count > 0) ? ExitCode.No : ExitCode.Done;
    }

    private static void WriteText(List<CampaignOutcome> outcomes, double seconds)
    {
        foreach (var kind in Enum.GetValues<FaultKind>())
            Console.Out.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{FaultText.Name(kind), -24} {Times(outcomes, kind, o => o.Armed), 6} armed "
                        + $"{Times(outcomes, kind, o => o.Struck), 6} struck"
                )
            );
        foreach (var outcome in outcomes)
        foreach (var violation in outcome.Violations)
            Console.Out.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"seed {outcome.Seed}: {violation}; repeat: ./taalas device campaign --seed {outcome.Seed} --count 1"
                )
            );
        Console.Out.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{outcomes.Count} campaigns, {outcomes.Sum(o => o.Sessions)} sessions, {outcomes.Sum(o => o.Tokens)} tokens, "
                    + $"{outcomes.Sum(o => o.Commands)} commands, {outcomes.Sum(o => o.Recoveries)} recoveries, "
                    + $"{outcomes.Count(o => o.LostCard)} cards lost by removal, broken ROM or too many resets; "
                    + $"{outcomes.Sum(o => o.Violations.Count)} violations, {seconds:0.0} s"
            )
        );
    }

    private static void WriteJson(List<CampaignOutcome> outcomes, double seconds) =>
        Json.Write(
            new
            {
                Campaigns = outcomes.Select(o => new
                {
                    o.Seed,
                    Armed = o.Armed.Select(f => FaultText.Name(f.Kind)),
                    Struck = o.Struck.Select(f => FaultText.Name(f.Kind)),
                    o.KilledClient,
                    o.Sessions,
                    o.Tokens,
                    o.Commands,
                    o.Recoveries,
                    o.LostCard,
                    SimulatedUs = o.TimeNs / 1000.0,
                    Digest = o.Digest.ToString("x16", CultureInfo.InvariantCulture),
                    o.Violations,
                }),
                Violations = outcomes.Sum(o => o.Violations.Count),
                WallS = seconds,
            }
        );

    private static int Times(List<CampaignOutcome> outcomes, FaultKind kind, Func<CampaignOutcome, IReadOnlyList<FaultSpec>> faults) =>
        outcomes.Sum(o => faults(o).Count(f => f.Kind == kind));
}
