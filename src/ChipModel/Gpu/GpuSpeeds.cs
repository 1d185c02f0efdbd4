namespace TaalasSim.ChipModel.Gpu;

/// <summary>A card's reachable rates in SI units, drawn from its constants.</summary>
public sealed record GpuSpeeds
{
    /// <summary>Reachable memory bandwidth, bytes/s.</summary>
    public required double Bandwidth { get; init; }

    /// <summary>Memory, bytes.</summary>
    public required double Capacity { get; init; }

    /// <summary>16-bit matrix peak scaled by the vendor's library, operations/s.</summary>
    public required double Matrix16 { get; init; }

    /// <summary>8-bit matrix peak likewise; 0 for none.</summary>
    public required double Matrix8 { get; init; }

    /// <summary>4-bit matrix peak likewise; 0 for none.</summary>
    public required double Matrix4 { get; init; }

    /// <summary>One-way link rate, bytes/s.</summary>
    public required double Link { get; init; }

    /// <summary>Shader clock, GHz.</summary>
    public required double ClockGhz { get; init; }

    /// <summary>Multiprocessors.</summary>
    public required double Sms { get; init; }

    /// <summary>Time to start a kernel against H100's.</summary>
    public required double StartScale { get; init; }

    /// <summary>Power limit, W.</summary>
    public required double TdpW { get; init; }

    /// <summary>Idle power, W.</summary>
    public required double IdleW { get; init; }

    /// <summary>Best estimates of a card.</summary>
    public static GpuSpeeds Of(GpuCard card) => Of(card, c => c.Value);

    /// <summary>Rates of a card whose constants are read through <paramref name="draw"/>.</summary>
    public static GpuSpeeds Of(GpuCard card, Func<Technology.Constant, double> draw)
    {
        var matrix = draw(card.MatrixFraction);
        return new GpuSpeeds
        {
            Bandwidth = 1e12 * draw(card.MemoryTbPerS) * draw(card.StreamingFraction),
            Capacity = 1e9 * draw(card.CapacityGb),
            Matrix16 = 1e12 * matrix * draw(card.Bf16Tflops),
            // INT8 and FP8 units have one rate on these cards; where there is no FP8 unit the INT8 one serves INT8 weights only.
            Matrix8 = card.Fp8Tflops is { } fp8 ? 1e12 * matrix * draw(fp8) : 0,
            Matrix4 = card.Fp4Tflops is { } fp4 ? 1e12 * matrix * draw(fp4) : 0,
            Link = 1e9 * draw(card.LinkGbPerS) / 2,
            ClockGhz = draw(card.ClockGhz),
            Sms = draw(card.Sms),
            StartScale = card.KernelStart is { } start ? draw(start) : 1,
            TdpW = draw(card.TdpW),
            IdleW = draw(card.IdleW),
        };
    }
}
