using System.Globalization;
using NUnit.Framework;

namespace TaalasSim.Architecture.Tests;

/// <summary>Lines keep to the width that .editorconfig states, strings and comments too, which no formatter breaks.</summary>
[Category("Smoke")]
public class LineLengthTests
{
    private const int Columns = 140;

    private static readonly string[] Folders = ["src", "tests", "bench"];

    /// <summary>Sources and what is embedded beside them.</summary>
    private static readonly string[] Patterns = ["*.cs", "*.csproj", "*.v", "*.vh", "*.sv", "*.cpp", "*.h"];

    [Test]
    public void Lines_keep_to_140_columns()
    {
        var files = (from folder in Folders from pattern in Patterns from path in Checkout.Files(folder, pattern) select path).ToList();
        var tooLong =
            from path in files
            from line in File.ReadLines(path).Index()
            where new StringInfo(line.Item).LengthInTextElements > Columns
            select $"{Checkout.Relative(path)}:{line.Index + 1}";
        Assert.That(files, Has.Count.GreaterThan(500));
        Rule.Holds($"Lines keep to {Columns} columns", tooLong.ToList());
    }
}
