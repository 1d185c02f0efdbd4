using TaalasSim.Runtime.Card.Faults;
using TaalasSim.Runtime.Card.Link;
using TaalasSim.Runtime.Host.Driver;

namespace TaalasSim.Runtime.Host.Campaign;

/// <summary>
/// Random faults under the traffic of several clients. No token may be lost, doubled or wrong, each command is answered once, and nothing
/// is left behind. Everything follows from the seed.
/// </summary>
public static class FaultCampaign
{
    private const int MostSteps = 20_000;

    /// <summary>Runs one campaign.</summary>
    /// <param name="seed">Repeats it.</param>
    /// <param name="link">The link to the card.</param>
    /// <param name="cancel">Cancels.</param>
    public static CampaignOutcome Run(int seed, Func<LatencyMode, LatencyModel> link, CancellationToken cancel = default)
    {
        var random = new Random(seed);
        using var card = new CampaignCard(link((LatencyMode)random.Next(Enum.GetValues<LatencyMode>().Length)));
        var streams = Enumerable.Range(0, random.Next(2, 5)).Select(i => new StreamSession(card, random.Next(2), i, random)).ToArray();
        var commands = new CommandSession(card, 2, random);
        ICampaignSession[] sessions = [.. streams, commands];
        FaultSpec[] armed = [];
        var victim = random.Next(4) == 0 ? random.Next(2) : -1;
        var strikes = random.Next(60);
        try
        {
            foreach (var client in sessions.Select(s => s.Client).Distinct())
                card.Client(client);
            armed = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Draw(random, card.Card.Clock.Now))];
            foreach (var fault in armed)
                card.Card.Faults.Arm(fault);
            for (var step = 0; sessions.Any(s => !s.IsDone); step++)
            {
                cancel.ThrowIfCancellationRequested();
                if (step == strikes && victim >= 0)
                    card.Kill(victim);
                if (step == MostSteps)
                {
                    card.Violate($"not over after {MostSteps} steps");
                    break;
                }

                var living = sessions.Where(s => !s.IsDone).ToArray();
                living[random.Next(living.Length)].Step();
            }

            foreach (var session in sessions)
                session.Check();
            card.CloseAll();
        }
        catch (DriverException e)
        {
            card.Violate($"a fault outside of any session: {e.Message}");
        }

        return new CampaignOutcome
        {
            Seed = seed,
            Armed = armed,
            Struck = [.. card.Card.Faults.Struck],
            KilledClient = victim >= 0,
            Sessions = sessions.Length,
            Tokens = streams.Sum(s => s.Tokens),
            Commands = commands.Answered,
            Recoveries = card.Recoveries,
            LostCard = card.IsLost,
            TimeNs = card.Card.Clock.Now,
            Digest = card.Digest,
            Violations = [.. card.Violations],
        };
    }

    private static FaultSpec Draw(Random random, long now)
    {
        var kinds = Enum.GetValues<FaultKind>();
        var kind = kinds[random.Next(kinds.Length)];
        var byTime = random.Next(3) == 0;
        return new FaultSpec
        {
            Kind = kind,
            Trigger = byTime ? FaultTrigger.Time : FaultTrigger.Nth,
            Value = byTime ? (ulong)(now + random.Next(3_000_000)) : (ulong)random.Next(Opportunities(kind)),
            Seed = (ulong)random.NextInt64(),
            Argument = kind switch
            {
                FaultKind.KvBit or FaultKind.RomStuckBit => (uint)random.Next(1, 3),
                FaultKind.CommandBitFlip => (uint)random.Next(2),
                FaultKind.LinkDown => (uint)random.Next(1, 2000),
                FaultKind.ThermalCritical or FaultKind.PowerBreak => (uint)random.Next(1, 20),
                FaultKind.CompletionBeforeData or FaultKind.TornCompletion => (uint)random.Next(1, 200),
                _ => FaultText.StandardArgument(kind),
            },
        };
    }

    // So that most faults find theirs: reads of logits and copies are rare, steps are not.
    private static int Opportunities(FaultKind kind) =>
        kind switch
        {
            FaultKind.CompletionBeforeData or FaultKind.DmaReadTimeout or FaultKind.PoisonedRead or FaultKind.IommuFault => 6,
            FaultKind.ScatterLoop or FaultKind.ImageCorrupted => 1,
            _ => 20,
        };
}
