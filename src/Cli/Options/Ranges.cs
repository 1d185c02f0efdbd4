using TaalasSim.Reports.Compare;
using TaalasSim.Reports.Costs;
using TaalasSim.Reports.Sweeps;
using TaalasSim.Reports.Traces;

namespace TaalasSim.Cli.Options;

/// <summary>Ranges of the numbers that options take, each defined once.</summary>
internal static class Ranges
{
    /// <summary>More tokens than any context holds.</summary>
    public const int MostTokens = 1 << 24;

    /// <summary>Most host threads.</summary>
    public const int MostThreads = 1024;

    /// <summary>Most cycles; far more than any run has.</summary>
    public const long MostCycles = 1_000_000_000_000_000;

    /// <summary>A length in tokens.</summary>
    public static NumberRange Length { get; } = NumberRange.Of(1, MostTokens);

    /// <summary>A length in tokens; 0 for a standard one or for none.</summary>
    public static NumberRange LengthOrNone { get; } = NumberRange.Of(0, MostTokens);

    /// <summary>A length in tokens; −1 for as many as the context holds.</summary>
    public static NumberRange LengthOrAll { get; } = NumberRange.Of(0, MostTokens) with { Also = -1 };

    /// <summary>Tokens of a chunk of text: at least one is scored in its second half.</summary>
    public static NumberRange Chunk { get; } = NumberRange.Of(4, MostTokens);

    /// <summary>Number of chunks; −1 for all.</summary>
    public static NumberRange Chunks { get; } = NumberRange.Of(1, MostTokens) with { Also = -1 };

    /// <summary>Host threads; 0 for one per core.</summary>
    public static NumberRange Threads { get; } = NumberRange.Of(0, MostThreads);

    /// <summary>Dies that share a model; 0 for the fabric's own number.</summary>
    public static NumberRange Dies { get; } = NumberRange.Of(0, 4096);

    /// <summary>Users at once.</summary>
    public static NumberRange Users { get; } = NumberRange.Of(1, 4096);

    /// <summary>Users at once; 0 for as many as fit.</summary>
    public static NumberRange UsersOrAll { get; } = NumberRange.Of(0, 1_000_000);

    /// <summary>Cards that share the costs of one model; 0 for the price list's number.</summary>
    public static NumberRange Cards { get; } = NumberRange.Of(0, 100_000_000);

    /// <summary>Cards of a GPU that share a model.</summary>
    public static NumberRange GpuCards { get; } = NumberRange.Of(1, GpuViews.MostCards);

    /// <summary>Share of the time under load; 0 for the price list's.</summary>
    public static NumberRange Utilisation { get; } = NumberRange.Real(0.001, 1) with { Also = 0 };

    /// <summary>Bits per weight; 0 for what the fabric holds.</summary>
    public static NumberRange Bits { get; } = NumberRange.Real(0, 32);

    /// <summary>Draws of a Monte Carlo.</summary>
    public static NumberRange Draws { get; } = NumberRange.Of(20, 100_000);

    /// <summary>Draws behind the intervals of a sweep; 0 for none. The sweep refuses 1 to 19.</summary>
    public static NumberRange SweepDraws { get; } = NumberRange.Of(0, 100_000);

    /// <summary>A cycle of the chip.</summary>
    public static NumberRange Cycle { get; } = NumberRange.Of(0, MostCycles);

    /// <summary>A bank site, or a segment of a port; what the chip has is checked later.</summary>
    public static NumberRange Index { get; } = NumberRange.Of(0, int.MaxValue);

    /// <summary>A count that may be 0.</summary>
    public static NumberRange Count { get; } = NumberRange.Of(0, int.MaxValue);

    /// <summary>Seed of a sampler, 32 bits; −1 for a random one.</summary>
    public static NumberRange Seed { get; } = NumberRange.Of(0, uint.MaxValue) with { Also = -1 };

    /// <summary>Seed of test data.</summary>
    public static NumberRange TestSeed { get; } = NumberRange.Of(0, int.MaxValue);

    /// <summary>A probability.</summary>
    public static NumberRange Probability { get; } = NumberRange.Real(0, 1);

    /// <summary>A temperature; 0 is greedy.</summary>
    public static NumberRange Temperature { get; } = NumberRange.Real(0, 1000);

    /// <summary>A threshold of confidence; above 1 no confidence reaches it.</summary>
    public static NumberRange Threshold { get; } = NumberRange.Real(0, 1000);

    /// <summary>Positions of a block.</summary>
    public static NumberRange Block { get; } = NumberRange.Of(1, 1 << 16);

    /// <summary>Positions of a block; 0 for no blocks.</summary>
    public static NumberRange BlockOrNone { get; } = NumberRange.Of(0, 1 << 16);

    /// <summary>A token id; what the vocabulary has is checked later.</summary>
    public static NumberRange TokenId { get; } = NumberRange.Of(0, int.MaxValue);

    /// <summary>Numbers of llama.cpp's diffusion algorithms.</summary>
    public static NumberRange DiffusionAlgorithm { get; } = NumberRange.Of(0, 4);

    /// <summary>Steps of a diffusion decode.</summary>
    public static NumberRange Steps { get; } = NumberRange.Of(1, 1 << 20);

    /// <summary>A factor, base or exponent of a sampler.</summary>
    public static NumberRange Factor { get; } = NumberRange.Real(0, 1e6);

    /// <summary>What a sampler takes from a logit.</summary>
    public static NumberRange Penalty { get; } = NumberRange.Real(-1000, 1000);

    /// <summary>Standard deviations; −1 for off.</summary>
    public static NumberRange Sigma { get; } = NumberRange.Real(0, 1000) with { Also = -1 };

    /// <summary>Versions of mirostat; 0 for off.</summary>
    public static NumberRange Mirostat { get; } = NumberRange.Of(0, 2);

    /// <summary>A port of TCP; 0 for a free one.</summary>
    public static NumberRange TcpPort { get; } = NumberRange.Of(0, 65_535);

    /// <summary>User slots of a server; 0 for those of the chip.</summary>
    public static NumberRange Slots { get; } = NumberRange.Of(0, 128);

    /// <summary>A count; −1 for no limit or never.</summary>
    public static NumberRange CountOrNone { get; } = NumberRange.Of(0, int.MaxValue) with { Also = -1 };

    /// <summary>Repetitions of a test.</summary>
    public static NumberRange Repetitions { get; } = NumberRange.Of(1, 10_000);

    /// <summary>Activation vectors of a check.</summary>
    public static NumberRange Vectors { get; } = NumberRange.Of(1, 1000);

    /// <summary>Random configurations of a check.</summary>
    public static NumberRange Configurations { get; } = NumberRange.Of(0, 100_000);

    /// <summary>Answer tokens of a Verilog run.</summary>
    public static NumberRange RtlTokens { get; } = NumberRange.Of(1, 4096);

    /// <summary>Answer tokens of a trace.</summary>
    public static NumberRange TraceTokens { get; } = NumberRange.Of(1, 100_000);

    /// <summary>Months between two models of a service; 0 for none.</summary>
    public static NumberRange RespinMonths { get; } = NumberRange.Of(0, RespinPlan.LongestMonths);

    /// <summary>Years of a service.</summary>
    public static NumberRange Years { get; } = NumberRange.Of(1, RespinPlan.LongestYears);

    /// <summary>Requests of a trace.</summary>
    public static NumberRange Requests { get; } = NumberRange.Of(1, RequestTrace.MostRequests);

    /// <summary>Requests a second.</summary>
    public static NumberRange RequestRate { get; } = NumberRange.Real(0, 1e6) with { AboveLow = true };

    /// <summary>Mean requests of a burst.</summary>
    public static NumberRange Burst { get; } = NumberRange.Real(1, 1e6);

    /// <summary>Equal systems that take turns.</summary>
    public static NumberRange Replicas { get; } = NumberRange.Of(1, 100_000);

    /// <summary>Users who send requests again and again; 0 for none.</summary>
    public static NumberRange AskingUsers { get; } = NumberRange.Of(0, 100_000_000);

    /// <summary>A time in seconds.</summary>
    public static NumberRange Seconds { get; } = NumberRange.Real(0, 1e7) with { AboveLow = true };

    /// <summary>A limit of a figure.</summary>
    public static NumberRange Limit { get; } = NumberRange.Real(0, 1e12) with { AboveLow = true };

    /// <summary>Shards of a sweep; 0 for none.</summary>
    public static NumberRange Shards { get; } = NumberRange.Of(0, SweepShards.Most);
}
