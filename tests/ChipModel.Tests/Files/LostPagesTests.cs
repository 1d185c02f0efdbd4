using NUnit.Framework;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.ChipModel.Tests.Files;

/// <summary>The line that a program ends with when a mapped file becomes shorter; <c>ShrunkFileTests</c> ends programs.</summary>
[Category("Smoke")]
public sealed class LostPagesTests
{
    [Test]
    public void The_line_names_the_mapped_files_and_shows_no_control_characters()
    {
        var line = LostPages.Text(["/a\u001b[2J", "/b", "/b"]);
        Assert.Multiple(() =>
        {
            Assert.That(line, Does.StartWith("taalas: /a").And.Contain(" or /b: ").And.EndWith("\n"));
            Assert.That(line[..^1].Any(char.IsControl), Is.False);
            Assert.That(LostPages.Text(["/1", "/2", "/3", "/4"]), Does.Contain("/3 or another of 4 files: "));
        });
    }
}
