using TaalasSim.ChipModel.Gpu;
using TaalasSim.Support;

namespace TaalasSim.ChipModel.Tests.Gpu;

/// <summary>The committed cards, engines, models, measurements and calibration, loaded once.</summary>
internal static class GpuFixture
{
    private static readonly Lazy<GpuLibrary> Loaded = new(() => GpuLibrary.Load(Chips));

    public static string Chips => Shared.InRepo("chips");

    public static string Calibration => Path.Combine(Chips, "gpus", "measurements", "calibration.csv");

    public static GpuLibrary Library => Loaded.Value;

    public static IReadOnlyList<GpuCase> Cases() => GpuCases.Bind(GpuMeasurementFile.Read(Calibration).Rows, Library).Cases;

    /// <summary>A new folder with a copy of <c>chips/gpus</c> and <c>chips/models</c>; the caller deletes it.</summary>
    public static string CopyChips()
    {
        var copy = TemporaryFolder.New();
        foreach (var part in new[] { "gpus", "models" })
        {
            foreach (var file in Directory.EnumerateFiles(Path.Combine(Chips, part), "*.yaml", SearchOption.AllDirectories))
            {
                var to = Path.Combine(copy, Path.GetRelativePath(Chips, file));
                Directory.CreateDirectory(Path.GetDirectoryName(to)!);
                File.Copy(file, to);
            }
        }

        return copy;
    }
}
