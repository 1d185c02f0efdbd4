namespace TaalasSim.ChipModel.Figures;

/// <summary>One figure of <see cref="ChipFigures"/>: how to read it and the formula behind it.</summary>
/// <param name="Name">Key in machine-readable output.</param>
/// <param name="Unit">Unit.</param>
/// <param name="Formula">Formula in the words of the inputs.</param>
/// <param name="Read">Reads it.</param>
public sealed record FigureDefinition(string Name, string Unit, string Formula, Func<ChipFigures, double> Read)
{
    /// <summary>All numeric figures.</summary>
    public static IReadOnlyList<FigureDefinition> All { get; } =
    [
        new(
            "tokens_per_second_user",
            "tok/s",
            "1 / max(token_seconds, users × interval_seconds); token_seconds = latency_factor × token_cycles(context) / (clock × clock_fraction) + links + hbm; not causal: tokens_per_step / step_seconds",
            f => f.TokensPerSecondUser
        ),
        new("tokens_per_second_total", "tok/s", "users × tokens_per_second_user", f => f.TokensPerSecondTotal),
        new(
            "time_to_first_token_seconds",
            "s",
            "latency_factor × ((input_tokens − 1) × interval_cycles(input/2) + token_cycles(input)) / clock",
            f => f.TimeToFirstTokenSeconds
        ),
        new(
            "watts",
            "W",
            "(power_factor × (Σ events × energy × rate + clocks) + leakage(T)) / regulator_efficiency + card; T = inlet + R × die_watts / area",
            f => f.Watts
        ),
        new("idle_watts", "W", "watts at rate 0", f => f.IdleWatts),
        new("joules_per_token", "J", "watts / tokens_per_second_total", f => f.JoulesPerToken),
        new("junction_celsius", "C", "inlet + R × die_watts / area", f => f.JunctionCelsius),
        new("clock_fraction", "1", "largest s ≤ 1 with junction ≤ maximum", f => f.ClockFraction),
        new(
            "die_mm2",
            "mm2",
            "area_factor × (rom + columns + bank_control) + reduction + network + vector + kv_sram + attention + sampler + io + frame",
            f => f.DieMm2
        ),
        new(
            "yield",
            "fraction",
            "(1 + A D / alpha)^-alpha; with spares: mean over gamma-distributed D of P(faults in each bank ≤ spares) × exp(-D × rest)",
            f => f.Yield
        ),
        new("dies_per_wafer", "dies", "π d² / (4 S) − π d / √(2 S), d without edge exclusion, S with scribe", f => f.DiesPerWafer),
        new("die_usd", "USD", "wafer_price / (dies_per_wafer × yield) × (1 + wafer_test)", f => f.DieUsd),
        new(
            "card_usd",
            "USD",
            "dies × (die_usd + package [+ hbm stacks + interposer]) / assembly_yield^(dies per package × (1 + stacks)) + cards × board",
            f => f.CardUsd
        ),
        new("one_time_usd_per_model", "USD", "custom_masks × (1 + respins) + compile + platform / models", f => f.OneTimeUsdPerModel),
        new(
            "usd_per_million_tokens",
            "USD/Mtok",
            "((card_usd / (1 − margin) + cards × (server + one_time_usd_per_model / cards_per_model)) / life + watts × (hosting + electricity × PUE × utilisation)) / (tokens_per_second_total × utilisation)",
            f => f.UsdPerMillionTokens
        ),
        new(
            "prompt_tokens_per_second",
            "tok/s",
            "clock × clock_fraction / (latency_factor × interval_cycles(input_tokens / 2) without output), or the pace of links and hbm",
            f => f.PromptTokensPerSecond
        ),
        new("joules_per_prompt_token", "J", "watts at prompt_tokens_per_second / prompt_tokens_per_second", f => f.JoulesPerPromptToken),
        new(
            "usd_per_million_prompt_tokens",
            "USD/Mtok",
            "cost of a card-hour as in usd_per_million_tokens / (prompt_tokens_per_second × utilisation)",
            f => f.UsdPerMillionPromptTokens
        ),
        new(
            "usd_per_thousand_requests",
            "USD",
            "(input_tokens × usd_per_million_prompt_tokens + output_tokens × usd_per_million_tokens) / 1000",
            f => f.UsdPerThousandRequests
        ),
        new("turnaround_weeks", "weeks", "mask_weeks + layers_after_custom × days_per_layer / 7 + assembly_weeks", f => f.TurnaroundWeeks),
        new("users_in_kv_sram", "users", "kv_capacity × dies / (kv bytes of input + output tokens)", f => f.UsersInKvSram),
        new("users_held", "users", "(kv_sram + hbm) × dies / (kv bytes of input + output tokens)", f => f.UsersHeld),
        new("users_to_saturate", "users", "token_cycles / interval_cycles", f => f.UsersToSaturate),
    ];

    /// <summary>The figure of that name.</summary>
    /// <exception cref="Files.InputException">No such figure.</exception>
    public static FigureDefinition Named(string name) =>
        All.FirstOrDefault(f => f.Name == name)
        ?? throw new Files.InputException($"unknown figure '{name}'; known: {string.Join(' ', All.Select(f => f.Name))}");
}
