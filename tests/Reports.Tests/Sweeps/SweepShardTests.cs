using NUnit.Framework;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Units;
using TaalasSim.Reports.Sweeps;
using TaalasSim.Support;

namespace TaalasSim.Reports.Tests.Sweeps;

/// <summary>A sweep in shards, whatever their number and fate, has the tables of an undisturbed one.</summary>
[TestFixture]
[Category("Smoke")]
public sealed class SweepShardTests
{
    private static readonly SweepOptions Options = new() { Threads = 2 };

    private static SweepSpec Spec(TemporaryFolder folder, string mode = "grid")
    {
        var path = folder.File("sweep.yaml");
        File.WriteAllText(
            path,
            $$"""
            name: shards
            model: llama-3.2-1b
            fabric: hc1
            service: { input_tokens: 100, output_tokens: 50, users: 1 }
            mode: {{mode}}
            {{(mode == "grid" ? "" : "points: 50")}}
            objectives: [{ minimize: watts }]
            vary:
              - { field: service.users, values: [1, 2, 3, 4, 5, 6, 7] }
              - { field: service.input_tokens, values: [10, 20, 30] }
            """
        );
        return SweepFile.Read(path);
    }

    private static SweepFigures Figures(DesignPoint point) => new() { Watts = UncertaintyRange.Exact(point.Index + 1) };

    private static byte[] Tables(SweepSpec spec, string folder)
    {
        var result = SweepRunner.Run(spec, folder, Figures, Options);
        Assert.That(result.Rows, Has.Count.EqualTo(21));
        return [.. File.ReadAllBytes(Path.Combine(folder, "sweep.csv")), .. File.ReadAllBytes(Path.Combine(folder, "sweep.parquet"))];
    }

    [TestCase(1)]
    [TestCase(4)]
    [TestCase(21)]
    [TestCase(30)]
    public void Shards_collected_are_the_sweep(int shards)
    {
        using var folder = new TemporaryFolder();
        var spec = Spec(folder);
        var whole = Tables(spec, folder.File("whole"));
        var parts = folder.File("parts");
        Assert.That(SweepShards.Unfinished(spec, parts, shards, Options), Has.Count.EqualTo(Math.Min(shards, 21)));
        var evaluated = 0;
        foreach (var index in Enumerable.Range(0, shards).Reverse())
        {
            Assert.That(SweepShards.Collect(spec, parts, Options), Is.EqualTo(21 - evaluated));
            evaluated += SweepShards.Evaluate(spec, parts, new SweepShard(index, shards), Figures, Options, null, default).Points;
        }

        Assert.Multiple(() =>
        {
            Assert.That(evaluated, Is.EqualTo(21));
            Assert.That(SweepShards.Unfinished(spec, parts, shards, Options), Is.Empty);
            Assert.That(SweepShards.Collect(spec, parts, Options), Is.Zero);
            Assert.That(
                SweepRunner.Run(spec, parts, _ => throw new InvalidOperationException("evaluated twice"), Options).Resumed,
                Is.EqualTo(21)
            );
            Assert.That(Tables(spec, parts), Is.EqualTo(whole));
        });
    }

    [Test]
    public void A_shard_that_was_stopped_goes_on_and_other_numbers_of_shards_add_up()
    {
        using var folder = new TemporaryFolder();
        var spec = Spec(folder);
        var parts = folder.File("parts");
        using var stop = new CancellationTokenSource();
        var made = 0;
        Assert.Throws<OperationCanceledException>(() =>
            SweepShards.Evaluate(
                spec,
                parts,
                new SweepShard(0, 2),
                point =>
                {
                    if (Interlocked.Increment(ref made) == 3)
                        stop.Cancel();
                    return Figures(point);
                },
                Options with
                {
                    Threads = 1,
                },
                null,
                stop.Token
            )
        );
        // A kill tears the last line.
        var journal = Path.Combine(SweepShards.FolderOf(parts, new SweepShard(0, 2)), "sweep.journal");
        File.WriteAllBytes(journal, File.ReadAllBytes(journal)[..^5]);
        Assert.That(SweepShards.Unfinished(spec, parts, 2, Options), Is.EqualTo(new[] { 0, 1 }));
        Assert.That(SweepShards.Evaluate(spec, parts, new SweepShard(0, 2), Figures, Options, null, default).Resumed, Is.EqualTo(2));
        foreach (var index in new[] { 1, 2 })
            SweepShards.Evaluate(spec, parts, new SweepShard(index, 3), Figures, Options, null, default);
        Assert.That(SweepShards.Collect(spec, parts, Options), Is.Zero);
        Assert.That(Tables(spec, parts), Is.EqualTo(Tables(spec, folder.File("whole"))));
    }

    [Test]
    public void Shards_of_other_inputs_and_damaged_ones_are_refused()
    {
        using var folder = new TemporaryFolder();
        var spec = Spec(folder);
        var parts = folder.File("parts");
        var shard = new SweepShard(0, 2);
        SweepShards.Evaluate(spec, parts, shard, Figures, Options, null, default);
        Assert.That(
            () => SweepShards.Collect(spec, folder.File("parts"), Options with { Inputs = ["other"] }),
            Throws.TypeOf<InputException>().With.Message.Contains("belongs to another sweep")
        );
        var journal = Path.Combine(SweepShards.FolderOf(parts, shard), "sweep.journal");
        File.WriteAllText(journal, File.ReadAllText(journal).Replace("\"point\":1,", "\"point\":9,"));
        Assert.That(
            () => SweepShards.Unfinished(spec, parts, 2, Options),
            Throws.TypeOf<InputException>().With.Message.Contains("damaged")
        );
    }

    [Test]
    public void A_search_has_no_shards()
    {
        using var folder = new TemporaryFolder();
        var spec = Spec(folder, "search");
        Assert.That(
            () => SweepShards.Unfinished(spec, folder.Path, 2, Options),
            Throws.TypeOf<InputException>().With.Message.Contains("it has no shards")
        );
    }

    [TestCase("0/1", true)]
    [TestCase("99/100", true)]
    [TestCase("100/100", false)]
    [TestCase("-1/3", false)]
    [TestCase("1", false)]
    [TestCase("1/2/3", false)]
    [TestCase("0/0", false)]
    [TestCase("0/100001", false)]
    [TestCase(" 0/1", false)]
    public void A_shard_is_a_number_below_their_count(string text, bool is_one) =>
        Assert.That(() => SweepShard.Parse(text), is_one ? Throws.Nothing : Throws.TypeOf<InputException>());

    [TestCase("0", 0)]
    [TestCase("0-2", 0, 1, 2)]
    [TestCase("1,3-4,9", 1, 3, 4, 9)]
    public void Indices_are_written_as_Slurm_reads_them(string text, params int[] indices) =>
        Assert.That(SlurmJob.Array(indices), Is.EqualTo(text));

    [Test]
    public void Nothing_of_a_name_or_path_is_run_by_the_shell()
    {
        var script = SlurmJob.Script("a\nrm -rf x", ["/opt/it's $(here)/taalas", "sweep", "`x`.yaml"], 3, "/tmp/a b");
        var lines = script.Split('\n');
        Assert.Multiple(() =>
        {
            Assert.That(lines, Has.None.EqualTo("rm -rf x, 3 shards; ./taalas sweep collect merges them."));
            Assert.That(script, Does.Contain(@"'/opt/it'\''s $(here)/taalas' sweep '`x`.yaml'").And.Contain("mkdir -p '/tmp/a b'"));
        });
    }
}
