using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.MaskLayers;
using TaalasSim.Compiler.Export;
using TaalasSim.Compiler.Export.Masks;
using TaalasSim.Support;

namespace TaalasSim.Compiler.Tests.Export;

/// <summary>A chip of nine banks with random weights: a matrix in rom3 cut both ways, one in q4_0, and a vector.</summary>
internal sealed class SmallChip : IDisposable
{
    private readonly string _path = Path.Combine(TemporaryFolder.New(), "weights.mask");

    /// <summary>Makes the chip.</summary>
    /// <param name="seed">Of the weights.</param>
    /// <param name="edit">Changes the bytes of the weights layer.</param>
    /// <param name="firstSite">Site of the first bank.</param>
    public SmallChip(int seed, Action<byte[]>? edit = null, int firstSite = 1)
    {
        Port[] shapes = [new("a", 100, 40, "rom3"), new("b", 64, 20, "q4_0"), new("c", 150, 10, "rom3")];
        var ports = new List<MatrixPlan>();
        var straps = Enumerable.Repeat(SiteStraps.Empty, Fabric.Sites.PerDie).ToArray();
        // Site 0 stays empty by default, and a gap follows every port: a bank's place is not its rank.
        var site = firstSite;
        foreach (var (tensor, inputs, outputs, format) in shapes)
        {
            var port = new MatrixPlan
            {
                Id = ports.Count,
                Name = tensor,
                Role = MatrixRole.Query,
                Layer = 0,
                Inputs = inputs,
                Outputs = outputs,
                Format = format,
                BankRows = 64,
                BankColumns = 16,
                FirstSite = site,
                Banks = (inputs + 63) / 64 * ((outputs + 15) / 16),
                Hops = 1,
            };
            ports.Add(port);
            for (var o = 0; o < port.OutputSegments; o++)
            for (var i = 0; i < port.InputSegments; i++)
            {
                var step = i & -i;
                straps[site + (o * port.InputSegments) + i] = new SiteStraps(
                    port.Id,
                    i,
                    o,
                    i == 0 ? -1 : site + (o * port.InputSegments) + i - step,
                    i == 0 ? 0 : int.Log2(step)
                );
            }

            site += port.Banks + 1;
        }

        VectorEntry[] vectors = [new() { Name = "norm", Count = 1000 }];
        var layout = WeightsLayer.For(ports, straps, 1000);
        var bytes = new byte[layout.FileBytes];
        new Random(seed).NextBytes(bytes);
        edit?.Invoke(bytes);
        layout.Header().CopyTo(bytes, 0);
        File.WriteAllBytes(_path, bytes);
        Image = new MaskImage(Fabric, ports, vectors, straps, _path);
        Layout = layout;
    }

    public static FabricSpec Fabric { get; } =
        YamlReader.Read<FabricSpec>(
            Shared.InRepo("chips/fabrics/demo.yaml"),
            new Dictionary<string, string>
            {
                ["bank.rows"] = "64",
                ["bank.columns"] = "32",
                ["sites.columns"] = "5",
                ["sites.rows"] = "4",
                ["sites.tile_columns"] = "1",
                ["sites.tile_rows"] = "1",
            }
        );

    public static MaskRules Rules { get; } = YamlReader.Read<MaskRules>(Shared.InRepo("chips/masks/n6.yaml"));

    public static MaskGeometry Geometry { get; } = new(Fabric, Rules);

    public MaskImage Image { get; }

    public WeightsLayer Layout { get; }

    /// <summary>Sites with a bank.</summary>
    public IEnumerable<int> Sites => Enumerable.Range(0, Image.Straps.Count).Where(s => Image.Straps[s].Matrix >= 0);

    /// <summary>GDSII of a window.</summary>
    public byte[] Gds(MaskWindow? window = null)
    {
        using var stream = new MemoryStream();
        ExportGds.ToStream(stream, Image, Geometry, window ?? MaskWindow.Everything);
        return stream.ToArray();
    }

    public void Dispose()
    {
        Image.Dispose();
        File.Delete(_path);
    }

    private readonly record struct Port(string Tensor, int Inputs, int Outputs, string Format);
}
