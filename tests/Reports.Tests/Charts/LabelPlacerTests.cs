using CsCheck;
using NUnit.Framework;
using TaalasSim.Reports.Charts;

namespace TaalasSim.Reports.Tests.Charts;

[TestFixture]
[Category("Smoke")]
public sealed class LabelPlacerTests
{
    [Test]
    public void Labels_of_points_in_one_heap_do_not_overlap()
    {
        // Ten labels of 60 × 16 around one place need 9,600 of the 320,000 square pixels.
        Gen.Float[200, 600]
            .Array[10]
            .Select(Gen.Float[200, 300].Array[10])
            .Sample(
                (xs, ys) =>
                {
                    var placer = new LabelPlacer(800, 400);
                    var boxes = xs.Zip(ys).Select(p => placer.Place(p.First, p.Second, 60, 16).Box).ToList();
                    for (var i = 0; i < boxes.Count; i++)
                    for (var j = 0; j < i; j++)
                        if (boxes[i].Overlaps(boxes[j]))
                            return false;
                    return boxes.TrueForAll(b => b.Left >= 0 && b.Top >= 0 && b.Right <= 800 && b.Bottom <= 400);
                },
                iter: 200
            );
    }
}
