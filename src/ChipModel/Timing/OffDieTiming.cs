using TaalasSim.ChipModel.Fabric;

namespace TaalasSim.ChipModel.Timing;

/// <summary>
/// Times of a token that do not follow the chip's clock: links between packages, and keys and values in HBM.
/// </summary>
/// <remarks>
/// Users' keys and values fill the SRAM first; the share that is left over is read from HBM, layer after layer, before attention streams it
/// through the SRAM's ports. A layer waits for the latency of the stacks once and for its bytes at the bandwidth of the stacks of its dies;
/// nothing is fetched ahead.
/// </remarks>
public readonly record struct OffDieTiming
{
    private double LinkTokenSeconds { get; init; }

    private double LinkIntervalSeconds { get; init; }

    private double HbmLatencySeconds { get; init; }

    private double HbmSecondsPerByte { get; init; }

    private double HbmIntervalSecondsPerByte { get; init; }

    private KvFootprint Kv { get; init; }

    /// <summary>Fraction of keys and values in HBM, 0…1.</summary>
    public double HbmShare { get; private init; }

    /// <summary>Times of a service.</summary>
    /// <param name="fabric">Fabric with its links and stacks.</param>
    /// <param name="schedule">Phases.</param>
    /// <param name="kv">Keys and values of one user.</param>
    /// <param name="layersOfBusiestDie">Fraction of the layers on the die (or group of dies) with the most layers, 0…1.</param>
    /// <param name="service">Lengths and users.</param>
    public static OffDieTiming Of(
        FabricSpec fabric,
        TokenSchedule schedule,
        KvFootprint kv,
        double layersOfBusiestDie,
        ServiceShape service
    )
    {
        var times = new OffDieTiming { Kv = kv };
        if (fabric.System.Link is { } link && schedule.PackageLinkBits > 0)
        {
            var bitsPerSecond = link.GbPerSecond * 8e9;
            times = times with
            {
                LinkTokenSeconds = (schedule.PackageLinkSteps * link.LatencyNs * 1e-9) + (schedule.PackageLinkBits / bitsPerSecond),
                LinkIntervalSeconds = schedule.BusiestPackageLinkBits / bitsPerSecond,
            };
        }

        var held = service.Users * kv.Bytes(service.InputTokens + service.OutputTokens);
        var sram = fabric.KvSram.CapacityMb * 1e6 * fabric.Dies;
        if (fabric.Hbm is { } hbm && held > sram)
        {
            var share = 1 - (sram / held);
            var bytesPerSecond = hbm.StacksPerDie * hbm.GbPerSecondPerStack * 1e9 * schedule.DiesPerStage;
            times = times with
            {
                HbmShare = share,
                HbmLatencySeconds = (schedule.Stages.Count - 2) * hbm.LatencyNs * 1e-9,
                HbmSecondsPerByte = share / bytesPerSecond,
                HbmIntervalSecondsPerByte = share / bytesPerSecond * layersOfBusiestDie,
            };
        }

        return times;
    }

    /// <summary>Bytes that a token reads from HBM.</summary>
    public double HbmBytes(double positions) => HbmShare * Kv.Bytes(positions);

    /// <summary>Seconds of one token on links between packages and on HBM.</summary>
    public double TokenSeconds(double positions) => LinkTokenSeconds + HbmTokenSeconds(positions);

    /// <summary>Seconds of one token on HBM.</summary>
    public double HbmTokenSeconds(double positions) => HbmLatencySeconds + (HbmSecondsPerByte * Kv.Bytes(positions));

    /// <summary>Seconds per token of the busier of the two, and which it is.</summary>
    public (FabricUnit Unit, double Seconds) Interval(double positions)
    {
        var hbm = HbmIntervalSecondsPerByte * Kv.Bytes(positions);
        return hbm > LinkIntervalSeconds ? (FabricUnit.Hbm, hbm) : (FabricUnit.PackageLink, LinkIntervalSeconds);
    }
}
