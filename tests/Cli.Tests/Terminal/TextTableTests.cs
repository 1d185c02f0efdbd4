using NUnit.Framework;
using TaalasSim.Cli.Terminal;

namespace TaalasSim.Cli.Tests.Terminal;

[TestFixture]
[Category("Smoke")]
public sealed class TextTableTests
{
    private static TextTable Sample()
    {
        var table = new TextTable().Words("").Numbers("chip", "one user").Numbers("ratio", "one user");
        table.Numbers("chip", "full batch").Numbers("ratio", "full batch").Words("limit");
        table.Row("speed", "17,000", "56.4", "17,000", "938", "banks");
        table.Row("power", "225", "0.551", "", "0.322", "");
        return table;
    }

    [Test]
    public void Columns_align_and_a_group_stands_over_its_columns() =>
        Assert.That(
            Sample().Text(200, indent: 1),
            Is.EqualTo(
                """
                        one user       full batch
                          chip  ratio    chip  ratio  limit
                 speed  17,000   56.4  17,000    938  banks
                 power     225  0.551          0.322

                """
            )
        );

    [Test]
    public void A_narrow_terminal_gets_further_blocks_with_the_first_column_and_whole_cells([Range(1, 60)] int width)
    {
        var text = Sample().Text(width, indent: 1);
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        // The widest group beside the first column: " speed  17,000  ratio".
        const int least = 21;
        Assert.Multiple(() =>
        {
            Assert.That(lines, Has.All.Length.LessThanOrEqualTo(Math.Max(width, least)));
            foreach (var cell in new[] { "17,000", "56.4", "0.551", "938", "0.322", "banks" })
                Assert.That(text, Does.Contain(cell));
            Assert.That(
                lines.Count(l => l.StartsWith(" speed", StringComparison.Ordinal)),
                Is.EqualTo(
                    width >= 43 ? 1
                    : width >= 28 ? 2
                    : 3
                )
            );
        });
    }
}
