using CsCheck;
using NUnit.Framework;
using TaalasSim.Reports.Advice;

namespace TaalasSim.Reports.Tests.Advice;

/// <summary>The fewest systems are the fewest, and few numbers are tried.</summary>
[TestFixture, Category("Physics")]
public sealed class SizeServiceTests
{
    [Test]
    public void The_smallest_number_that_holds_is_found_in_few_tries() =>
        Gen.Select(Gen.Int[1, 50], Gen.Int[0, 5000], Gen.Int[0, 6000])
            .Sample(
                (least, more, threshold) =>
                {
                    var (most, tries) = (least + more, 0);
                    var fewest = SizeService.Fewest(least, most, n =>
                    {
                        tries++;
                        return n >= threshold;
                    });
                    // Doubling and halving a range take a try for each power of two, and two more at the ends.
                    return fewest == (threshold > most ? null : Math.Max(least, threshold)) && tries <= (2 * Math.Log2(most + 1)) + 2;
                }
            );
}
