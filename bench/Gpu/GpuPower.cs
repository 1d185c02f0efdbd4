using System.Runtime.InteropServices;

namespace TaalasSim.Bench.Gpu;

/// <summary>Watts of the first NVIDIA card through its management library, where that loads.</summary>
internal sealed partial class GpuPower
{
    private const string Library = "libnvidia-ml.so.1";

    private readonly nint card;

    private GpuPower(nint card) => this.card = card;

    /// <summary>The first card, or null without the library or a card.</summary>
    public static GpuPower? Open()
    {
        try
        {
            return Init() == 0 && Handle(0, out var card) == 0 ? new GpuPower(card) : null;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Watts at this moment (the library averages over some milliseconds), or null when the card does not say.</summary>
    public double? Watts() => Usage(card, out var milliwatts) == 0 ? milliwatts / 1000.0 : null;

    [LibraryImport(Library, EntryPoint = "nvmlInit_v2")]
    private static partial int Init();

    [LibraryImport(Library, EntryPoint = "nvmlDeviceGetHandleByIndex_v2")]
    private static partial int Handle(uint index, out nint device);

    [LibraryImport(Library, EntryPoint = "nvmlDeviceGetPowerUsage")]
    private static partial int Usage(nint device, out uint milliwatts);
}
