using System.Buffers.Binary;
using System.Globalization;
using System.Xml.Linq;
using NUnit.Framework;
using SkiaSharp;
using TaalasSim.Reports.Charts;
using TaalasSim.Support;

namespace TaalasSim.Reports.Tests.Charts;

[TestFixture]
[Category("Smoke")]
public sealed class PictureTests
{
    private static IEnumerable<string> Names => SamplePictures.All.Keys;

    [TestCaseSource(nameof(Names))]
    public void A_picture_is_a_png_of_its_size_that_is_the_same_when_drawn_again(string name)
    {
        using var first = SamplePictures.All[name]();
        using var second = SamplePictures.All[name]();
        var png = first.Png();
        // For eyes: the pictures of the last run lie beside the test assembly.
        var folder = Path.Combine(TestContext.CurrentContext.WorkDirectory, "pictures");
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, name + ".png"), png);
        Assert.Multiple(() =>
        {
            Assert.That(png.AsSpan(0, 8).ToArray(), Is.EqualTo(new byte[] { 0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A }));
            // IHDR: width and height at bytes 16 and 20 (PNG specification, 11.2.2).
            Assert.That(BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)), Is.EqualTo(first.Width * Picture.Scale));
            Assert.That(BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20)), Is.EqualTo(first.Height * Picture.Scale));
            Assert.That(second.Png(), Is.EqualTo(png));
            Assert.That(BorderInk(png), Is.Zero, "something touches the border");
        });
    }

    [TestCaseSource(nameof(Names))]
    public void An_svg_is_well_formed_and_the_same_when_drawn_again(string name)
    {
        using var first = SamplePictures.All[name]();
        using var second = SamplePictures.All[name]();
        var svg = first.Svg();
        Assert.Multiple(() =>
        {
            Assert.That(XDocument.Parse(svg).Root!.Name.LocalName, Is.EqualTo("svg"));
            Assert.That(second.Svg(), Is.EqualTo(svg));
        });
    }

    [Test]
    public void Every_known_value_and_every_quantile_of_a_forecast_is_drawn()
    {
        var data = SamplePictures.Fan();
        var drawn = new HashSet<string>(StringComparer.Ordinal) { Svg(data) };
        for (var quantile = 0; quantile < 9; quantile++)
            Assert.That(drawn.Add(Svg(data with { Quantiles = [.. data.Quantiles.Select(row => Moved(row, quantile))] })), $"{quantile}");
        Assert.That(drawn.Add(Svg(data with { Known = Moved(data.Known, data.Known.Count - 2) })), "the last but one known value");
        Assert.That(drawn.Add(Svg(data with { Known = Moved(data.Known, 0) })), "the first known value");

        static double[] Moved(IReadOnlyList<double> values, int at) => [.. values.Select((v, i) => i == at ? v + 0.5 : v)];

        static string Svg(FanData data)
        {
            using var picture = FanChart.Draw(data);
            return picture.Svg();
        }
    }

    [Test]
    public void Text_is_drawn_with_the_shipped_face()
    {
        using var named = ServiceMapChart.Draw(SamplePictures.ServiceMap("H200"));
        using var blank = ServiceMapChart.Draw(SamplePictures.ServiceMap(" "));
        using var a = SKBitmap.Decode(named.Png());
        using var b = SKBitmap.Decode(blank.Png());
        var difference = 0;
        for (var y = 0; y < a.Height; y++)
        for (var x = 0; x < a.Width; x++)
            difference += a.GetPixel(x, y) == b.GetPixel(x, y) ? 0 : 1;
        Assert.Multiple(() =>
        {
            Assert.That(difference, Is.GreaterThan(100), "two labels of four letters");
            Assert.That(named.Svg(), Does.Contain("DejaVu Sans").And.Contain("H200"));
        });
    }

    [Test]
    public void Pictures_do_not_depend_on_the_culture()
    {
        using var before = SamplePictures.All["area"]();
        var expected = before.Png();
        var culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("")
            {
                NumberFormat = { NumberDecimalSeparator = ",", NumberGroupSeparator = "." },
            };
            using var after = SamplePictures.All["area"]();
            Assert.That(after.Png(), Is.EqualTo(expected));
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Test]
    public void Saving_writes_png_and_svg_and_leaves_nothing_else()
    {
        using var folder = new TemporaryFolder();
        using var picture = SamplePictures.All["latency"]();
        var paths = picture.Save(folder.Path);
        Assert.That(Directory.GetFiles(folder.Path).Order(StringComparer.Ordinal), Is.EqualTo(paths.Order(StringComparer.Ordinal)));
    }

    // Dark pixels in the outermost rows and columns: a cut-off label or axis.
    private static int BorderInk(byte[] png)
    {
        using var bitmap = SKBitmap.Decode(png);
        var ink = 0;
        for (var x = 0; x < bitmap.Width; x++)
            ink += Ink(bitmap.GetPixel(x, 1)) + Ink(bitmap.GetPixel(x, bitmap.Height - 2));
        for (var y = 0; y < bitmap.Height; y++)
            ink += Ink(bitmap.GetPixel(1, y)) + Ink(bitmap.GetPixel(bitmap.Width - 2, y));
        return ink;
    }

    private static int Ink(SKColor color) => color.Red + color.Green + color.Blue < 720 ? 1 : 0;
}
