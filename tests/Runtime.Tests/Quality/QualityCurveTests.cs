using System.Globalization;
using NUnit.Framework;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.Runtime.Quality;
using TaalasSim.Support;

namespace TaalasSim.Runtime.Tests.Quality;

/// <summary>Fewer bits never help the embedded model by more than the noise, and few enough of them ruin it.</summary>
[Category("Validation")]
public class QualityCurveTests
{
    private static readonly FabricSpec Fabric = YamlReader.Read<FabricSpec>(Shared.InRepo("chips/fabrics/demo.yaml"));

    [Test]
    public void Quality_falls_along_every_axis()
    {
        var text = File.ReadAllText(Shared.InRepo("chips/demo/story.txt"));
        using var curve = QualityCurve.Open(
            Shared.InRepo("chips/demo/stories.gguf"),
            Fabric,
            Shared.All ? text : text[..2400],
            "story.txt",
            Shared.All ? 256 : 128,
            Shared.All ? -1 : 2,
            threads: 2
        );
        Assert.Multiple(() =>
        {
            foreach (var axis in Enum.GetValues<QualityAxis>())
            {
                var widths = Shared.All
                    ? QualityCurve.Widths(axis)
                    : axis switch
                    {
                        QualityAxis.ActivationBits => [10, 4],
                        QualityAxis.KvBits => [16, 4],
                        QualityAxis.AccumulatorBits => [32, 14],
                        _ => [8, 2],
                    };
                var points = curve.Measure(axis, widths, axis == QualityAxis.WeightBits ? "preserve" : "rom8");
                foreach (var p in points)
                    TestContext.Out.WriteLine(
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"{axis, -16} {p.Bits, 2} bits: PPL {p.Row.Perplexity.Value:F4}  KLD {p.Row.Divergence.Value:F6} ± "
                                + $"{p.Row.Divergence.Error:F6}  same top {100 * p.Row.SameTop.Value:F2} %"
                        )
                    );
                Assert.That(points.Select(p => p.Bits), Is.EqualTo(widths));
                Assert.That(points[0].Row.Divergence.Value, Is.LessThan(0.002), $"{axis}: widest");
                Assert.That(points[^1].Row.Divergence.Value, Is.GreaterThan(1.5 * points[0].Row.Divergence.Value), $"{axis}: narrowest");
                for (var i = 1; i < points.Count; i++)
                    Assert.That(
                        points[i].Row.Divergence.Value,
                        Is.GreaterThan(0.5 * points[i - 1].Row.Divergence.Value),
                        $"{axis} {points[i].Bits}"
                    );
            }
        });
    }
}
