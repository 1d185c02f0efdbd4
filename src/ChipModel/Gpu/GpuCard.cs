using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Technology;

namespace TaalasSim.ChipModel.Gpu;

/// <summary>Datasheet of one graphics card (<c>chips/gpus/*.yaml</c>). Rates are dense, decimal and per card.</summary>
public sealed record GpuCard : ICheckedDescription
{
    /// <summary>Name for people.</summary>
    public required string Name { get; init; }

    /// <summary>Other spellings under which measurements name this card.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Engine that a comparison takes on this card where none is named.</summary>
    public string Engine { get; init; } = "tensorrt-llm";

    /// <summary>Peak memory bandwidth, TB/s.</summary>
    [FieldRange(0.001, 1000, "TB/s")]
    public required Constant MemoryTbPerS { get; init; }

    /// <summary>Share of <see cref="MemoryTbPerS"/> that a long read reaches, 0 to 1.</summary>
    [FieldRange(0.01, 1, "1")]
    public required Constant StreamingFraction { get; init; }

    /// <summary>Memory, GB (10^9 bytes).</summary>
    [FieldRange(0.1, 1e5, "GB")]
    public required Constant CapacityGb { get; init; }

    /// <summary>Last-level cache, MB.</summary>
    [FieldRange(0.01, 1e5, "MB")]
    public required Constant L2Mb { get; init; }

    /// <summary>BF16/FP16 matrix rate, TFLOPS.</summary>
    [FieldRange(0.01, 1e6, "TFLOPS")]
    public required Constant Bf16Tflops { get; init; }

    /// <summary>FP8 matrix rate, TFLOPS; absent where the card has none.</summary>
    [FieldRange(0.01, 1e6, "TFLOPS")]
    public Constant? Fp8Tflops { get; init; }

    /// <summary>FP4 matrix rate, TFLOPS; absent where the card has none.</summary>
    [FieldRange(0.01, 1e6, "TFLOPS")]
    public Constant? Fp4Tflops { get; init; }

    /// <summary>INT8 matrix rate, TOPS.</summary>
    [FieldRange(0.01, 1e6, "TOPS")]
    public Constant? Int8Tops { get; init; }

    /// <summary>Share of the matrix rate the vendor's library reaches, against the share it reaches on H100 (1).</summary>
    [FieldRange(0.01, 10, "1")]
    public required Constant MatrixFraction { get; init; }

    /// <summary>Time to start a kernel, against H100 (1); absent: as H100.</summary>
    [FieldRange(0.1, 20, "1")]
    public Constant? KernelStart { get; init; }

    /// <summary>Board power limit, W.</summary>
    [FieldRange(1, 1e5, "W")]
    public required Constant TdpW { get; init; }

    /// <summary>Power with a model resident and no work, W.</summary>
    [FieldRange(0.1, 1e5, "W")]
    public required Constant IdleW { get; init; }

    /// <summary>Streaming multiprocessors or compute units.</summary>
    [FieldRange(1, 1e5, "1")]
    public required Constant Sms { get; init; }

    /// <summary>Highest sustained shader clock, GHz.</summary>
    [FieldRange(0.01, 20, "GHz")]
    public required Constant ClockGhz { get; init; }

    /// <summary>Link to the other cards of the machine, both directions together, GB/s.</summary>
    [FieldRange(0.01, 1e6, "GB/s")]
    public required Constant LinkGbPerS { get; init; }

    /// <summary>Price to buy, USD.</summary>
    [FieldRange(1, 1e8, "USD")]
    public required Constant PriceUsd { get; init; }

    /// <summary>Rent, USD/h.</summary>
    [FieldRange(0.001, 1e5, "USD/h")]
    public required Constant RentUsdPerHour { get; init; }

    /// <inheritdoc/>
    public IEnumerable<FieldFault> Faults()
    {
        if (IdleW.Value >= TdpW.Value)
            yield return new(FormattableString.Invariant($"idle_w {IdleW.Value} must be below tdp_w ({TdpW.Value})"), "idle_w", "tdp_w");
    }

    /// <summary>Every constant with its key, in file order; absent ones are left out.</summary>
    public IEnumerable<(string Key, Constant Constant)> Constants()
    {
        yield return ("memory_tb_per_s", MemoryTbPerS);
        yield return ("streaming_fraction", StreamingFraction);
        yield return ("capacity_gb", CapacityGb);
        yield return ("l2_mb", L2Mb);
        yield return ("bf16_tflops", Bf16Tflops);
        if (Fp8Tflops is not null)
            yield return ("fp8_tflops", Fp8Tflops);
        if (Fp4Tflops is not null)
            yield return ("fp4_tflops", Fp4Tflops);
        if (Int8Tops is not null)
            yield return ("int8_tops", Int8Tops);
        yield return ("matrix_fraction", MatrixFraction);
        if (KernelStart is not null)
            yield return ("kernel_start", KernelStart);
        yield return ("tdp_w", TdpW);
        yield return ("idle_w", IdleW);
        yield return ("sms", Sms);
        yield return ("clock_ghz", ClockGhz);
        yield return ("link_gb_per_s", LinkGbPerS);
        yield return ("price_usd", PriceUsd);
        yield return ("rent_usd_per_hour", RentUsdPerHour);
    }
}
