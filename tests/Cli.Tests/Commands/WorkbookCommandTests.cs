using System.IO.Compression;
using System.Text.Json;
using NUnit.Framework;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests.Commands;

/// <summary>The workbook of <c>cost</c> and the shards of <c>sweep</c> on the command line.</summary>
[TestFixture]
[Category("Smoke")]
[NonParallelizable]
public sealed class WorkbookCommandTests
{
    [Test]
    public void A_workbook_is_written_and_its_life_told()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("costs.xlsx");
        var run = Invocation.Run("cost", "llama-3.2-1b", "--workbook", path, "--json");
        Assert.That(run.Code, Is.Zero, run.Error);
        var life = JsonDocument.Parse(run.Output).RootElement.GetProperty("life");
        using var zip = ZipFile.OpenRead(path);
        Assert.Multiple(() =>
        {
            Assert.That(life.GetProperty("in_service").GetString(), Is.LessThan(life.GetProperty("retired").GetString()!));
            Assert.That(life.GetProperty("net_present_usd").EnumerateObject().Count(), Is.GreaterThan(3));
            Assert.That(zip.Entries.Select(e => e.FullName), Does.Contain("xl/workbook.xml"));
        });
    }

    [TestCase("cost llama-3.2-1b --workbook a.csv", "--workbook a.csv: name a .xlsx file")]
    [TestCase("cost llama-3.2-1b --workbook a.xlsx --respin-months 6", "--workbook: has the costs of one model")]
    [TestCase("cost llama-3.2-1b --workbook a.xlsx --explain watts", "--workbook: has the costs of one model")]
    [TestCase("sweep SPEC -o OUT --submit slurm", "--submit: into how many? give --shards N, too")]
    [TestCase("sweep SPEC -o OUT --shards 3", "--shards: belongs to --submit")]
    [TestCase("sweep SPEC -o OUT --submit slurm --shards 3 --shard 0/3", "--shard: is what the tasks of --submit do")]
    [TestCase("sweep SPEC -o OUT --submit pbs --shards 3", "--submit 'pbs': write one of slurm")]
    [TestCase("sweep SPEC -o OUT --shard 3/3", "--shard 3/3: write INDEX/COUNT")]
    [TestCase("sweep collect nosuch.yaml -o OUT", "nosuch.yaml")]
    public void Options_without_meaning_are_refused(string command, string message)
    {
        using var folder = new TemporaryFolder();
        var run = Invocation.Run([
            .. command
                .Split(' ')
                .Select(a =>
                    a == "SPEC" ? Shared.InRepo("chips/sweeps/kv-users.yaml")
                    : a == "OUT" ? folder.File("out")
                    : a
                ),
        ]);
        Assert.That(run.Code, Is.EqualTo(2), run.Output);
        Assert.That(run.Error, Does.Contain(message));
        Assert.That(Directory.Exists(folder.File("out")), Is.False);
    }

    [Test]
    public void Shards_are_evaluated_and_collected()
    {
        using var folder = new TemporaryFolder();
        string[] rest = [Shared.InRepo("chips/sweeps/kv-users.yaml"), "-o", folder.File("out"), "--draws", "0"];
        Assert.That(
            Invocation.Run(["sweep", .. rest, "--shard", "0/2"]).Output,
            Does.Contain("shard 0 of 2, 4 points, 0 of an earlier run")
        );
        var half = Invocation.Run(["sweep", "collect", .. rest]);
        Assert.That((half.Code, half.Output), Is.EqualTo((1, half.Output)));
        Assert.That(half.Output, Does.Contain("5 points are missing"));
        Invocation.Run(["sweep", .. rest, "--shard", "1/2"]);
        var all = Invocation.Run(["sweep", "collect", .. rest]);
        Assert.That(all.Code, Is.Zero, all.Error);
        Assert.That(all.Output, Does.Contain("9 points, 9 with figures, 9 reused from an earlier run"));
    }
}
