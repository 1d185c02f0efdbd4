using NUnit.Framework;
using TaalasSim.Compiler.Export;
using TaalasSim.Compiler.Export.Masks;
using TaalasSim.Support;

namespace TaalasSim.Compiler.Tests.Export.Masks;

[TestFixture]
[Category("Compiler")]
public sealed class KLayoutDeckTests
{
    private static readonly MaskGeometry Geometry = SmallChip.Geometry;

    [Test]
    public async Task KLayout_finds_no_fault_in_an_exported_window_and_the_same_vias()
    {
        Tools.Need("klayout");
        using var chip = new SmallChip(7);
        var folder = TemporaryFolder.New();
        var summary = ExportGds.ToFile(
            Path.Combine(folder, "window.gds"),
            chip.Image,
            Geometry,
            new MaskWindow
            {
                Die = 0,
                Column = 1,
                Row = 0,
                Columns = 2,
                Rows = 2,
            }
        );
        var lines = await Run(folder, "window.gds");
        Assert.Multiple(() =>
        {
            Assert.That(lines[0], Is.EqualTo($"DIE_0: {summary.Vias} vias, {summary.Straps} straps"));
            Assert.That(lines[1..], Has.Length.EqualTo(10).And.All.EndsWith(" 0"));
            Assert.That(File.Exists(Path.Combine(folder, "faults.lyrdb")), Is.True);
        });
    }

    // One rule broken on each site; some shapes break a second rule with it.
    [Test]
    public async Task KLayout_finds_the_rules_broken_that_we_find()
    {
        Tools.Need("klayout");
        var (x, y) = Geometry.ViaCentre(100);
        var (sx, sy) = Geometry.StrapOrigin(5);
        var layers = Geometry.Layers;
        Action<GdsWriter>[] broken =
        [
            w => w.Rectangle(layers.Weights, new Rectangle(x - 11, y - 10, x + 11, y + 10)),
            w => w.Reference(ExportGds.ViaCell, x + 3, y),
            w => w.Row(ExportGds.ViaCell, x, y, 2, 70),
            w =>
            {
                // 4.5 µm square at 400 nm² in 900 nm²: a twelfth of a window of 10 µm.
                for (var row = 0; row < 150; row++)
                    w.Row(ExportGds.ViaCell, x, y + (row * 30), 150, 30);
            },
            w => w.Rectangle(layers.Dataflow, new Rectangle(sx, sy, sx + 80, sy + 380)),
            w => w.Reference(ExportGds.StrapCell, sx, sy + 50),
            w => w.Row(ExportGds.StrapCell, sx, sy, 2, 120),
            w => w.Rectangle(layers.Dataflow, new Rectangle(0, 0, Geometry.SiteWidth, 10_000)),
            w => w.Reference(ExportGds.ViaCell, -500, y),
        ];
        var folder = TemporaryFolder.New();
        var path = Path.Combine(folder, "bad.gds");
        using (var stream = File.Create(path))
            Write(stream, broken);
        HashSet<string> ours;
        using (var stream = File.OpenRead(path))
            ours = [.. CheckMask.Run(stream, Geometry, "bad.gds").Faults.Select(f => f.Rule)];
        var theirs = (await Run(folder, "bad.gds"))
            .Skip(1)
            .Where(l => !l.EndsWith(" 0", StringComparison.Ordinal))
            .Select(l => l[..l.IndexOf(' ', StringComparison.Ordinal)])
            .ToList();
        Assert.That(theirs, Is.EquivalentTo(ours).And.Count.EqualTo(10));
    }

    private static async Task<string[]> Run(string folder, string gds)
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "rules.drc"), KLayoutDeck.Text(Geometry, gds));
        var (output, _) = await ExternalTool.RunAsync("klayout", ["-b", "-r", "rules.drc", "-rd", "report=faults.lyrdb"], folder);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    // Bank i breaks a rule on site 2 i, so that no two stand beside each other in a row.
    private static void Write(Stream stream, Action<GdsWriter>[] banks)
    {
        using var writer = new GdsWriter(stream, "TEST");
        Cell(ExportGds.ViaCell, w => w.Rectangle(Geometry.Layers.Weights, Geometry.Via));
        Cell(ExportGds.StrapCell, w => w.Rectangle(Geometry.Layers.Dataflow, Geometry.Strap));
        var sites = banks.Select((_, i) => 2 * i).ToArray();
        for (var i = 0; i < banks.Length; i++)
            Cell(ExportGds.BankCell(sites[i]), banks[i]);
        Cell(ExportGds.DieCell(0), w =>
        {
            foreach (var site in sites)
            {
                var (_, x, y) = Geometry.SiteOrigin(site);
                w.Reference(ExportGds.BankCell(site), x, y);
            }
        });

        void Cell(string name, Action<GdsWriter> draw)
        {
            writer.BeginCell(name);
            draw(writer);
            writer.EndCell();
        }
    }
}
