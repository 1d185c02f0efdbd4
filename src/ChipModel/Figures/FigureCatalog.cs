using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Timing;

namespace TaalasSim.ChipModel.Figures;

/// <summary>The figures of every evaluation, each defined once. Inputs precede the figures that use them.</summary>
public static class FigureCatalog
{
    private static readonly FigureInput Users = new("users", "users", d => d.Service.Users);

    private static readonly FigureInput InputTokens = new("input_tokens", "tokens", d => d.Service.InputTokens);

    private static readonly FigureInput OutputTokens = new("output_tokens", "tokens", d => d.Service.OutputTokens);

    private static readonly FigureInput Context = new("context", "tokens", d => d.Service.MeanContext);

    private static readonly FigureInput Dies = new("dies", "dies", d => d.Fabric.Dies);

    private static readonly FigureInput Cards = new("cards", "cards", d => d.Fabric.Cards);

    private static readonly FigureInput KvBytesPerUser = new("kv_bytes_per_user", "B", d => d.KvBytesPerUser);

    private static readonly FigureInput TokenCycles = new("token_cycles", "cycles", d =>
        ClosedFormLatency.TokenCycles(d.Schedule, d.Service.MeanContext)
    );

    private static readonly FigureInput IntervalCycles = new("interval_cycles", "cycles", d =>
        ClosedFormLatency.IntervalCycles(d.Schedule, d.Service.MeanContext)
    );

    private static readonly FigureInput PromptTokenCycles = new("token_cycles_at_input", "cycles", d =>
        ClosedFormLatency.TokenCycles(d.Schedule, d.Service.InputTokens)
    );

    private static readonly FigureInput PromptIntervalCycles = new("interval_cycles_at_half_input", "cycles", d =>
        ClosedFormLatency.IntervalCycles(d.Schedule, 0.5 * (d.Service.InputTokens + 1), withOutput: false)
    );

    private static readonly FigureInput ContextCycles = new("context_cycles", "cycles", d =>
        d.Patches is { } patches ? PatchLatency.ContextCycles(d.Schedule, patches, d.Service.InputTokens) : double.NaN
    );

    private static readonly FigureInput StepCycles = new("step_cycles", "cycles", d =>
        d.Patches is { } patches ? PatchLatency.StepCycles(d.Schedule, patches, d.Service.InputTokens, d.Service.OutputTokens) : double.NaN
    );

    private static readonly FigureInput BusyCycles = new("interval_cycles", "cycles", d =>
        d.Patches is { } patches ? PatchLatency.BusyCycles(d.Schedule, patches, d.Service.InputTokens, d.Service.OutputTokens) : double.NaN
    );

    private static readonly FigureInput ClockGhz = new("clock", "GHz", d => d.Fabric.ClockGhz);

    private static readonly FigureInput LatencyFactor = new("latency_factor", "1", d => d.LatencyFactor);

    private static readonly FigureInput SupplyVolts = new("supply_volts", "V", d => d.SupplyVolts);

    private static readonly FigureInput DieWatts = new("die_watts", "W", d => d.Power.DieWatts.Value);

    private static readonly FigureInput[] AreaParts =
    [
        .. default(Area.AreaBreakdown).Parts.Select((p, i) => new FigureInput($"{p.Part}_mm2", "mm2", d => d.Area.Parts[i].Area.Value)),
    ];

    private static readonly FigureInput[] PowerParts =
    [
        .. default(Power.PowerBreakdown).Parts.Select((p, i) => new FigureInput($"{p.Part}_watts", "W", d => d.Power.Parts[i].Power.Value)),
    ];

    /// <summary>One die.</summary>
    public static FigureDefinition DieMm2 { get; } =
        new("die_mm2", "mm2", f => f.DieMm2.Value)
        {
            Label = "area of one die",
            Better = Better.Less,
            Group = FigureGroup.Area,
            Formula =
                "area_factor × (rom + columns + bank_control) + reduction + network + vector + kv_sram + attention + sampler + io + frame",
            Inputs = AreaParts,
        };

    /// <summary>Part of the nominal clock that the heat path allows.</summary>
    public static FigureDefinition ClockFraction { get; } =
        new("clock_fraction", "1", f => f.ClockFraction)
        {
            Label = "share of the nominal clock",
            Better = Better.More,
            Group = FigureGroup.Speed,
            Formula = "largest s ≤ 1 with junction ≤ maximum",
            Inputs = [DieWatts],
        };

    /// <summary>Answer tokens per second that each user sees.</summary>
    public static FigureDefinition TokensPerSecondUser { get; } =
        new("tokens_per_second_user", "tok/s", f => f.TokensPerSecondUser)
        {
            Label = "speed per user",
            Better = Better.More,
            Group = FigureGroup.Speed,
            Formula =
                "1 / max(token_seconds, users × interval_seconds); "
                + "token_seconds = latency_factor × token_cycles(context) / (clock × clock_fraction) + links + hbm; "
                + "not causal: tokens_per_step / step_seconds",
            Inputs = [TokenCycles, IntervalCycles, Context, Users, ClockGhz, LatencyFactor, ClockFraction],
            OfPatches = (
                "output_tokens / max(forecast_seconds, users × interval_seconds); forecast_seconds = latency_factor × (context_cycles + "
                    + "step_cycles) / (clock × clock_fraction) + links + hbm; a token is a patch",
                [ContextCycles, StepCycles, BusyCycles, OutputTokens, Users, ClockGhz, LatencyFactor, ClockFraction]
            ),
        };

    /// <summary>Answer tokens per second of all users.</summary>
    public static FigureDefinition TokensPerSecondTotal { get; } =
        new("tokens_per_second_total", "tok/s", f => f.TokensPerSecondTotal)
        {
            Label = "aggregate throughput",
            Better = Better.More,
            Group = FigureGroup.Speed,
            Formula = "users × tokens_per_second_user",
            Inputs = [Users, TokensPerSecondUser],
        };

    /// <summary>From prompt to first answer token.</summary>
    public static FigureDefinition TimeToFirstTokenUs { get; } =
        new("time_to_first_token_us", "us", f => f.TimeToFirstTokenSeconds.Value * 1e6)
        {
            Label = "time to first token",
            Better = Better.Less,
            Group = FigureGroup.Speed,
            Formula = "1e6 × latency_factor × ((input_tokens − 1) × interval_cycles(input/2) + token_cycles(input)) / clock",
            Inputs = [InputTokens, PromptIntervalCycles, PromptTokenCycles, ClockGhz, LatencyFactor, ClockFraction],
            OfPatches = (
                "1e6 × latency_factor × context_cycles / (clock × clock_fraction): until the first output patch",
                [ContextCycles, InputTokens, ClockGhz, LatencyFactor, ClockFraction]
            ),
        };

    /// <summary>Junction temperature.</summary>
    public static FigureDefinition JunctionCelsius { get; } =
        new("junction_celsius", "C", f => f.JunctionCelsius)
        {
            Label = "junction temperature",
            Better = Better.Less,
            Group = FigureGroup.Power,
            Formula = "inlet + R × die_watts / area",
            Inputs = [DieWatts, DieMm2, Dies],
        };

    /// <summary>All cards of one model at their plug under load.</summary>
    public static FigureDefinition Watts { get; } =
        new("watts", "W", f => f.Watts.Value)
        {
            Label = "power",
            Better = Better.Less,
            Group = FigureGroup.Power,
            Formula =
                "(power_factor × (volts / nominal_volts)² × (Σ events × energy × rate + clocks) + leakage(T, volts)) / "
                + "regulator_efficiency + card; "
                + "T = inlet + R × die_watts / area",
            Inputs = [TokensPerSecondTotal, SupplyVolts, .. PowerParts, DieWatts, JunctionCelsius],
        };

    /// <summary>The same without load.</summary>
    public static FigureDefinition IdleWatts { get; } =
        new("idle_watts", "W", f => f.IdleWatts.Value)
        {
            Label = "idle power",
            Better = Better.Less,
            Group = FigureGroup.Power,
            Formula = "watts at rate 0",
            Inputs = [DieMm2, Dies, Cards],
        };

    /// <summary>Card energy per answer token.</summary>
    public static FigureDefinition JoulesPerToken { get; } =
        new("joules_per_token", "J", f => f.JoulesPerToken.Value)
        {
            Label = "energy per token",
            Better = Better.Less,
            Group = FigureGroup.Power,
            Formula = "watts / tokens_per_second_total",
            Inputs = [Watts, TokensPerSecondTotal],
        };

    /// <summary>Good dies over gross dies.</summary>
    public static FigureDefinition Yield { get; } =
        new("yield", "fraction", f => f.Yield)
        {
            Label = "yield",
            Better = Better.More,
            Group = FigureGroup.Cost,
            Formula =
                "(1 + A D / alpha)^-alpha; "
                + "with spares: mean over gamma-distributed D of P(faults in each bank ≤ spares) × exp(-D × rest)",
            Inputs = [DieMm2],
        };

    /// <summary>Gross dies per wafer.</summary>
    public static FigureDefinition DiesPerWafer { get; } =
        new("dies_per_wafer", "dies", f => f.DiesPerWafer)
        {
            Label = "dies per wafer",
            Better = Better.More,
            Group = FigureGroup.Cost,
            Formula = "π d² / (4 S) − π d / √(2 S), d without edge exclusion, S with scribe",
            Inputs = [DieMm2],
        };

    /// <summary>One good die.</summary>
    public static FigureDefinition DieUsd { get; } =
        new("die_usd", "USD", f => f.DieUsd.Value)
        {
            Label = "one good die, tested",
            Better = Better.Less,
            Group = FigureGroup.Cost,
            Formula = "wafer_price / (dies_per_wafer × yield) × (1 + wafer_test)",
            Inputs = [DiesPerWafer, Yield],
        };

    /// <summary>All cards of one model at cost.</summary>
    public static FigureDefinition CardUsd { get; } =
        new("card_usd", "USD", f => f.CardUsd.Value)
        {
            Label = "card at cost",
            Better = Better.Less,
            Group = FigureGroup.Cost,
            Formula =
                "dies × (die_usd + package [+ hbm stacks + interposer]) / assembly_yield^(dies per package × (1 + stacks)) "
                + "+ cards × board",
            Inputs = [Dies, DieUsd, Cards],
        };

    /// <summary>All cards of one model at their price.</summary>
    public static FigureDefinition CardPriceUsd { get; } =
        new("card_price_usd", "USD", f => f.CardPriceUsd.Value)
        {
            Label = "card at its price",
            Better = Better.Less,
            Group = FigureGroup.Cost,
            Formula = "card_usd / (1 − gross margin)",
            Inputs = [CardUsd],
        };

    /// <summary>Masks of the two customised layers.</summary>
    public static FigureDefinition CustomMasksUsd { get; } =
        new("custom_masks_usd", "USD", f => f.CustomMasksUsd.Value)
        {
            Label = "masks of the customised layers",
            Better = Better.Less,
            Group = FigureGroup.Cost,
            Formula = "custom masks of the fabric × custom mask × dies",
            Inputs = [Dies],
        };

    /// <summary>All other masks, once per fabric.</summary>
    public static FigureDefinition BaseMasksUsd { get; } =
        new("base_masks_usd", "USD", f => f.BaseMasksUsd.Value)
        {
            Label = "all other masks, once per fabric",
            Better = Better.Less,
            Group = FigureGroup.Cost,
            Formula = "mask set − custom masks of the fabric × custom mask",
            Inputs = [],
        };

    /// <summary>Custom masks, compilation and share of the platform for one model.</summary>
    public static FigureDefinition OneTimeUsdPerModel { get; } =
        new("one_time_usd_per_model", "USD", f => f.OneTimeUsdPerModel.Value)
        {
            Label = "one-time costs of a model",
            Better = Better.Less,
            Group = FigureGroup.Cost,
            Formula = "custom_masks × (1 + respins) + compile + (platform_design × design_ratio + mask_set) / models",
            Inputs = [CustomMasksUsd],
        };

    /// <summary>All in, per million answer tokens.</summary>
    public static FigureDefinition UsdPerMillionTokens { get; } =
        new("usd_per_million_tokens", "USD/Mtok", f => f.UsdPerMillionTokens.Value)
        {
            Label = "cost per million tokens",
            Better = Better.Less,
            Group = FigureGroup.Cost,
            Formula =
                "((card_usd / (1 − margin) + cards × (server + one_time_usd_per_model / cards_per_model)) / life "
                + "+ watts × (hosting + electricity × PUE × utilisation)) / (tokens_per_second_total × utilisation)",
            Inputs = [CardUsd, Cards, OneTimeUsdPerModel, Watts, TokensPerSecondTotal],
        };

    /// <summary>The part of it that writes off cards and one-time costs.</summary>
    public static FigureDefinition WriteOffUsdPerMillionTokens { get; } =
        new("write_off_usd_per_million_tokens", "USD/Mtok", f => f.WriteOffUsdPerMillionTokens.Value)
        {
            Label = "of it write-off of cards and one-time costs",
            Better = Better.Less,
            Group = FigureGroup.Cost,
            Formula =
                "(card_usd / (1 − margin) + cards × (server + one_time_usd_per_model / cards_per_model)) / life "
                + "/ (tokens_per_second_total × utilisation)",
            Inputs = [CardUsd, Cards, OneTimeUsdPerModel, TokensPerSecondTotal],
        };

    /// <summary>The part of it that pays for space and power capital.</summary>
    public static FigureDefinition HostingUsdPerMillionTokens { get; } =
        new("hosting_usd_per_million_tokens", "USD/Mtok", f => f.HostingUsdPerMillionTokens.Value)
        {
            Label = "of it space and power capital",
            Better = Better.Less,
            Group = FigureGroup.Cost,
            Formula = "(watts + server) × hosting / (tokens_per_second_total × utilisation)",
            Inputs = [Watts, Cards, TokensPerSecondTotal],
        };

    /// <summary>The part of it that pays for electricity.</summary>
    public static FigureDefinition ElectricityUsdPerMillionTokens { get; } =
        new("electricity_usd_per_million_tokens", "USD/Mtok", f => f.ElectricityUsdPerMillionTokens.Value)
        {
            Label = "of it electricity",
            Better = Better.Less,
            Group = FigureGroup.Cost,
            Formula = "(watts + server) × electricity × PUE / tokens_per_second_total",
            Inputs = [Watts, Cards, TokensPerSecondTotal],
        };

    private const string PromptRateFormula =
        "clock × clock_fraction / (latency_factor × interval_cycles(input_tokens / 2) without output), or the pace of links and hbm";

    /// <summary>Prompt tokens per second that stream one behind another.</summary>
    public static FigureDefinition PromptTokensPerSecond { get; } =
        new("prompt_tokens_per_second", "tok/s", f => f.PromptTokensPerSecond)
        {
            Label = "prompt throughput",
            Better = Better.More,
            Group = FigureGroup.Speed,
            Formula = PromptRateFormula,
            Inputs = [ClockFraction, InputTokens, PromptIntervalCycles],
        };

    /// <summary>Energy of all cards per prompt token.</summary>
    public static FigureDefinition JoulesPerPromptToken { get; } =
        new("joules_per_prompt_token", "J", f => f.JoulesPerPromptToken.Value)
        {
            Label = "energy per prompt token",
            Better = Better.Less,
            Group = FigureGroup.Power,
            Formula = "watts at prompt_tokens_per_second / prompt_tokens_per_second",
            Inputs = [PromptTokensPerSecond],
        };

    /// <summary>All in, per million prompt tokens.</summary>
    public static FigureDefinition UsdPerMillionPromptTokens { get; } =
        new("usd_per_million_prompt_tokens", "USD/Mtok", f => f.UsdPerMillionPromptTokens.Value)
        {
            Label = "cost per million prompt tokens",
            Better = Better.Less,
            Group = FigureGroup.Cost,
            Formula = "cost of a card-hour as in usd_per_million_tokens / (prompt_tokens_per_second × utilisation)",
            Inputs = [CardUsd, Cards, OneTimeUsdPerModel, PromptTokensPerSecond],
        };

    /// <summary>All in, per thousand requests.</summary>
    public static FigureDefinition UsdPerThousandRequests { get; } =
        new("usd_per_thousand_requests", "USD", f => f.UsdPerThousandRequests.Value)
        {
            Label = "cost per thousand requests",
            Better = Better.Less,
            Group = FigureGroup.Cost,
            Formula = "(input_tokens × usd_per_million_prompt_tokens + output_tokens × usd_per_million_tokens) / 1000",
            Inputs = [InputTokens, UsdPerMillionPromptTokens, OutputTokens, UsdPerMillionTokens],
        };

    /// <summary>From finished model to cards.</summary>
    public static FigureDefinition TurnaroundWeeks { get; } =
        new("turnaround_weeks", "weeks", f => f.TurnaroundWeeks)
        {
            Label = "turnaround from finished model to cards",
            Better = Better.Less,
            Group = FigureGroup.Cost,
            Formula = "mask_weeks + layers_after_custom × days_per_layer / 7 + assembly_weeks",
            Inputs = [],
        };

    /// <summary>Users whose keys and values fit the SRAM.</summary>
    public static FigureDefinition UsersInKvSram { get; } =
        new("users_in_kv_sram", "users", f => f.UsersInKvSram)
        {
            Label = "users held in KV SRAM",
            Better = Better.More,
            Group = FigureGroup.Memory,
            Formula = "kv_capacity × dies / (kv bytes of input + output tokens)",
            Inputs = [Dies, InputTokens, OutputTokens, KvBytesPerUser],
        };

    /// <summary>Users whose keys and values fit SRAM and HBM.</summary>
    public static FigureDefinition UsersHeld { get; } =
        new("users_held", "users", f => f.UsersHeld)
        {
            Label = "users held in KV SRAM and HBM",
            Better = Better.More,
            Group = FigureGroup.Memory,
            Formula = "(kv_sram + hbm) × dies / (kv bytes of input + output tokens)",
            Inputs = [Dies, InputTokens, OutputTokens, KvBytesPerUser],
        };

    /// <summary>Users at which the busiest resource is always busy.</summary>
    public static FigureDefinition UsersToSaturate { get; } =
        new("users_to_saturate", "users", f => f.UsersToSaturate)
        {
            Label = "users to saturate the busiest resource",
            Better = Better.Neither,
            Group = FigureGroup.Speed,
            Formula = "token_cycles / interval_cycles",
            Inputs = [TokenCycles, IntervalCycles],
        };

    /// <summary>All figures.</summary>
    public static IReadOnlyList<FigureDefinition> All { get; } =
    [
        TokensPerSecondUser,
        TokensPerSecondTotal,
        TimeToFirstTokenUs,
        Watts,
        IdleWatts,
        JoulesPerToken,
        JunctionCelsius,
        ClockFraction,
        DieMm2,
        Yield,
        DiesPerWafer,
        DieUsd,
        CardUsd,
        CardPriceUsd,
        CustomMasksUsd,
        BaseMasksUsd,
        OneTimeUsdPerModel,
        UsdPerMillionTokens,
        WriteOffUsdPerMillionTokens,
        HostingUsdPerMillionTokens,
        ElectricityUsdPerMillionTokens,
        PromptTokensPerSecond,
        JoulesPerPromptToken,
        UsdPerMillionPromptTokens,
        UsdPerThousandRequests,
        TurnaroundWeeks,
        UsersInKvSram,
        UsersHeld,
        UsersToSaturate,
    ];

    /// <summary>The figure of that key; null when there is none.</summary>
    public static FigureDefinition? Find(string key) => All.FirstOrDefault(f => f.Key == key);

    /// <summary>The figure of that key.</summary>
    /// <exception cref="InputException">No such figure.</exception>
    public static FigureDefinition Named(string key) =>
        Find(key) ?? throw new InputException($"unknown figure '{key}'; known: {string.Join(' ', All.Select(f => f.Key))}");
}
