using CsCheck;
using NUnit.Framework;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Tests.Chip;
using TaalasSim.ChipModel.Timing;

namespace TaalasSim.ChipModel.Tests.Timing;

/// <summary>When the sums of a product are at the lanes: the closed form against queues played cycle by cycle.</summary>
[Category("Timing")]
public class BeatStreamTests
{
    [Test]
    public void The_last_beat_passes_when_queues_played_cycle_by_cycle_are_empty()
    {
        var streams = Gen.Select(Gen.Int[-9, 20], Gen.Int[1, 12], Gen.Int[1, 4]).Array[1, 6];
        Gen.Select(streams, Gen.Int[1, 8])
            .Sample(
                (s, links) =>
                {
                    var closed = BeatStream.End([.. s.Select(x => new BeatStream(x.Item1, x.Item2, x.Item3))], links);
                    // Turns of whole beats against even shares.
                    return Math.Abs(closed - Played(s, links)) <= 2;
                }
            );
    }

    [Test]
    public void A_segment_that_is_longer_than_the_others_ends_at_a_beat_a_cycle()
    {
        // Queries of 32 beats, keys and values of 16, two links: two thirds of a beat each for 24 cycles, then 16 of the queries alone.
        BeatStream[] streams = [new(0, 32, 1), new(0, 16, 2)];
        Assert.That(BeatStream.End(streams, 2), Is.EqualTo(24 + 16).And.EqualTo(Played([(0, 32, 1), (0, 16, 2)], 2)));
    }

    [Test]
    public void A_near_matrix_collects_while_a_far_one_still_works()
    {
        var plan = ShapePlan.Hc1Llama();
        // Keys and values lie beside the lanes, queries nine hops away: only the queries' 32 beats follow the last row.
        var near = plan with
        {
            Matrices = [.. plan.Matrices.Select(p => p.Role is MatrixRole.Key or MatrixRole.Value ? p with { Hops = 1 } : p)],
        };
        Assert.That(Cycles(near, "query_key_value_collect"), Is.EqualTo(9 + (4 * 2) + 32));
        // Queries beside the lanes, keys and values far away: four segments of queries are through before.
        var far = plan with { Matrices = [.. plan.Matrices.Select(p => p.Role is MatrixRole.Query ? p with { Hops = 1 } : p)] };
        Assert.That(Cycles(far, "query_key_value_collect"), Is.EqualTo(9 + (4 * 2) + 32));
        // Gate and up have 28 streams of 32 beats for sixteen links. With the gate eight hops nearer, its beats come 16 cycles before
        // those of up: 16 of each pass at once. The other 16 of the gate share the links with up for 28 cycles, then up has 16 left.
        var gate = plan with { Matrices = [.. plan.Matrices.Select(p => p.Role is MatrixRole.Gate ? p with { Hops = 1 } : p)] };
        Assert.That(Cycles(gate, "gate_up_collect"), Is.EqualTo(9 + (4 * 2) + 28 + 16));
    }

    [Test]
    public void Phases_overlap_where_near_sums_are_through_before_far_rows_are_read()
    {
        var plan = ShapePlan.Hc1Llama();
        // The same work, but the gate's banks end 60 cycles before those of up: of the gate's 28 cycles of links nothing is left then.
        var apart = plan with { Matrices = [.. plan.Matrices.Select(p => p.Role is MatrixRole.Up ? p with { Hops = 69 } : p)] };
        // Up's 14 streams of 32 beats have a link each.
        Assert.That(Cycles(apart, "gate_up") + Cycles(apart, "gate_up_collect"), Is.EqualTo(256 + 69 + 39 + 69 + (4 * 2) + 32));
    }

    [Test]
    public void The_residual_stream_leaves_a_layer_only_for_another_cluster()
    {
        var plan = ShapePlan.Hc1Llama();
        int Forwards(int clusters) =>
            BuildTokenSchedule
                .From(plan with { Fabric = plan.Fabric with { Vector = plan.Fabric.Vector with { Clusters = clusters } } })
                .Stages.Count(s => s.Phases.Any(p => p.Name == "forward"));
        Assert.That(new[] { 1, 2, 8, 32, 64 }.Select(Forwards), Is.EqualTo([0, 1, 7, 31, 31]));
    }

    [Test]
    public void The_two_passes_of_a_norm_do_not_share_a_cycle()
    {
        var plan = ShapePlan.Hc1Llama();
        // 4,096 elements over 3,000 lanes of a region: two cycles and two cycles, not three.
        var odd = plan with { Fabric = plan.Fabric with { Vector = plan.Fabric.Vector with { Lanes = 32 * 3000 } } };
        Assert.That(Cycles(odd, "attention_norm"), Is.EqualTo(2 + 2 + (2 * 6) + 12 + 12));
    }

    private static double Cycles(ChipPlan plan, string phase) =>
        BuildTokenSchedule.From(plan).Stages[1].Phases.Single(p => p.Name == phase).Cycles(1500);

    // The links of ingress.v: segments with a beat in turn, at most one beat of each a cycle.
    private static int Played((int First, int Beats, int Segments)[] streams, int links)
    {
        var segments = streams.SelectMany(s => Enumerable.Repeat((s.First, s.Beats), s.Segments)).ToArray();
        var (went, turn, end) = (new int[segments.Length], 0, 0);
        for (var cycle = -9; cycle < 400; cycle++)
        {
            var (passed, after) = (0, turn);
            for (var i = 0; i < segments.Length && passed < links; i++)
            {
                var s = (turn + i) % segments.Length;
                if (went[s] >= Math.Clamp(cycle - segments[s].First + 1, 0, segments[s].Beats))
                    continue;
                went[s]++;
                passed++;
                (after, end) = ((s + 1) % segments.Length, cycle + 1);
            }

            turn = after;
        }

        return end;
    }
}
