using NUnit.Framework;
using TaalasSim.Runtime.Card.Faults;
using TaalasSim.Runtime.Host.Campaign;
using TaalasSim.Runtime.Tests.Card;
using TaalasSim.Support;

namespace TaalasSim.Runtime.Tests.Host;

/// <summary>Campaigns of random faults under traffic: nothing lost, doubled or wrong, and each repeats from its seed.</summary>
[Category("Smoke")]
public class CampaignTests
{
    private static int Count => Shared.All ? 1000 : 60;

    [Test]
    public void No_campaign_loses_doubles_or_changes_a_token()
    {
        var struck = new Dictionary<FaultKind, int>();
        var violations = new List<string>();
        var (tokens, commands, recoveries, lost) = (0, 0, 0, 0);
        for (var seed = 1; seed <= Count; seed++)
        {
            var outcome = FaultCampaign.Run(seed, TestCard.Link);
            if (outcome.Violations.Count > 0)
                violations.Add($"seed {seed}, {string.Join(", ", outcome.Struck)}: {string.Join("; ", outcome.Violations)}");
            foreach (var fault in outcome.Struck)
                struck[fault.Kind] = struck.GetValueOrDefault(fault.Kind) + 1;
            (tokens, commands) = (tokens + outcome.Tokens, commands + outcome.Commands);
            (recoveries, lost) = (recoveries + outcome.Recoveries, lost + (outcome.LostCard ? 1 : 0));
        }

        TestContext.Out.WriteLine(
            $"{Count} campaigns: {struck.Values.Sum()} faults of {struck.Count} kinds, {tokens} tokens, {commands} commands, "
                + $"{recoveries} recoveries, {lost} cards lost"
        );
        foreach (var (kind, count) in struck.OrderBy(p => p.Key))
            TestContext.Out.WriteLine($"{FaultText.Name(kind)} {count}");
        Assert.That(violations, Is.Empty);
        Assert.That(struck, Has.Count.GreaterThan(Shared.All ? 20 : 12), "kinds that struck");
        Assert.That(recoveries, Is.GreaterThan(Count / 4));
    }

    [Test]
    public void A_campaign_repeats_from_its_seed_and_others_differ()
    {
        var first = Enumerable.Range(1, 8).Select(seed => FaultCampaign.Run(seed, TestCard.Link)).ToArray();
        var second = Enumerable.Range(1, 8).Select(seed => FaultCampaign.Run(seed, TestCard.Link)).ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(second.Select(o => (o.Digest, o.TimeNs)), Is.EqualTo(first.Select(o => (o.Digest, o.TimeNs))));
            Assert.That(first.Select(o => o.Digest).Distinct().Count(), Is.EqualTo(8));
        });
    }
}
