using NUnit.Framework;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Gpu;
using TaalasSim.Reports.Validation;
using TaalasSim.Support;

namespace TaalasSim.Reports.Tests.Validation;

[Category("Validation")]
internal sealed class GpuSnapshotTests
{
    private static readonly Lazy<GpuLibrary> Gpus = new(() => GpuLibrary.Load(Shared.InRepo("chips")));
    private static readonly string Committed = Path.Combine(Shared.InRepo("chips"), "gpus", "measurements", "snapshot.gz");
    private static readonly ValidationReport Nothing = new()
    {
        Groups = [],
        Rows = [],
        Unmodelled = [],
    };

    [Test]
    public void No_prediction_moved_and_the_changelog_names_the_snapshot()
    {
        var now = GpuSnapshot.Take(Gpus.Value, Gpus.Value.Models, Nothing);
        var before = GpuSnapshot.Read(Committed);
        Assert.Multiple(() =>
        {
            Assert.That(now.Count, Is.GreaterThanOrEqualTo(100_000));
            Assert.That(now.Since(before), Is.Empty, "taalas validate --snapshot shows what moved; then --write-snapshot");
            Assert.That(File.ReadAllText(Shared.InRepo("CHANGELOG.md")), Does.Contain("snapshot " + before.Id));
        });
    }

    [Test]
    public void A_moved_parameter_shows_by_card_and_engine()
    {
        var model = Gpus.Value.Model("Llama-3.1-8B");
        var calibration = Gpus.Value.Calibration;
        var start = calibration.Parameters["vllm-async.step_us"];
        var moved = GpuLibrary.Load(
            Shared.InRepo("chips"),
            calibration with
            {
                Parameters = new(calibration.Parameters, StringComparer.Ordinal)
                {
                    ["vllm-async.step_us"] = start with { Value = 2 * start.Value, High = 2 * start.High },
                },
            }
        );
        var moves = GpuSnapshot.Take(moved, [model], Nothing).Since(GpuSnapshot.Take(Gpus.Value, [model], Nothing));
        Assert.Multiple(() =>
        {
            Assert.That(moves, Has.Count.EqualTo(Gpus.Value.Cards.Count));
            Assert.That(moves, Has.All.Matches<SnapshotMove>(m => m!.Group.EndsWith(", vllm-async", StringComparison.Ordinal)));
            Assert.That(moves, Has.All.Matches<SnapshotMove>(m => m!.Moved > 0 && m.LargestPct < 0));
        });
    }

    [Test]
    public void A_file_that_is_no_snapshot_is_refused()
    {
        var error = Assert.Throws<InputException>(() => GpuSnapshot.Read(Shared.InRepo("CHANGELOG.md")));
        Assert.That(error!.Message, Does.Contain("is not a snapshot"));
    }
}
