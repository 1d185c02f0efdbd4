namespace TaalasSim.ChipModel.Chip;

/// <summary>What a matrix does in the model; decides when it runs and who waits for it.</summary>
public enum MatrixRole
{
    /// <summary>Token embedding read row by row (not multiplied).</summary>
    Embedding,
    Query,
    Key,
    Value,

    /// <summary>Query, key and value in one matrix.</summary>
    QueryKeyValue,
    AttentionOutput,
    Gate,
    Up,

    /// <summary>Gate and up in one matrix.</summary>
    GateUp,
    Down,
    Router,
    ExpertGate,
    ExpertUp,
    ExpertDown,
    SharedGate,
    SharedUp,
    SharedDown,

    /// <summary>Vocabulary projection (also serves as the embedding when tied).</summary>
    Output,

    /// <summary>Query or key/value compression and expansion of latent attention.</summary>
    Latent,
}
