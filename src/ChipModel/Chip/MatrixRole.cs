namespace TaalasSim.ChipModel.Chip;

/// <summary>What a matrix does in the model; decides when it runs and who waits for it.</summary>
public enum MatrixRole
{
    /// <summary>Token embedding read row by row (not multiplied).</summary>
    Embedding,

    /// <summary>Projection to the queries of all heads.</summary>
    Query,

    /// <summary>Projection to the keys of all key/value heads.</summary>
    Key,

    /// <summary>Projection to the values of all key/value heads.</summary>
    Value,

    /// <summary>Query, key and value in one matrix.</summary>
    QueryKeyValue,

    /// <summary>From the mixed values of all heads back to the model's width.</summary>
    AttentionOutput,

    /// <summary>Feed-forward: the projection that passes the activation.</summary>
    Gate,

    /// <summary>Feed-forward: the projection that the activated gate multiplies.</summary>
    Up,

    /// <summary>Gate and up in one matrix.</summary>
    GateUp,

    /// <summary>Feed-forward: from the inner width back to the model's width.</summary>
    Down,

    /// <summary>One logit for each expert.</summary>
    Router,

    /// <summary><see cref="Gate"/> of one routed expert; works only for tokens that choose it.</summary>
    ExpertGate,

    /// <summary><see cref="Up"/> of one routed expert.</summary>
    ExpertUp,

    /// <summary><see cref="Down"/> of one routed expert.</summary>
    ExpertDown,

    /// <summary><see cref="Gate"/> of the expert that every token uses.</summary>
    SharedGate,

    /// <summary><see cref="Up"/> of the expert that every token uses.</summary>
    SharedUp,

    /// <summary><see cref="Down"/> of the expert that every token uses.</summary>
    SharedDown,

    /// <summary>Vocabulary projection (also serves as the embedding when tied).</summary>
    Output,

    /// <summary>Compression of queries, keys and values of latent attention, and expansion of queries.</summary>
    Latent,

    /// <summary>Key expansion of latent attention, one matrix for each head: it is absorbed into the query, which then meets the stored
    /// vector itself.</summary>
    LatentKey,

    /// <summary>Value expansion of latent attention, one matrix for each head: it follows the weighted sum of the stored vectors.</summary>
    LatentValue,

    /// <summary>What enters a layer with a state in place of attention, and its gates.</summary>
    StateInput,

    /// <summary>What leaves it.</summary>
    StateOutput,

    /// <summary>Embedding that gives every layer a vector of its own by the token; read row by row (not multiplied).</summary>
    LayerEmbedding,

    /// <summary>Projection of the token's embedding to the vectors of all layers.</summary>
    LayerInputs,

    /// <summary>From the model's width to the width of a layer's own vector, which it gates.</summary>
    LayerInputGate,

    /// <summary>From the gated vector back to the model's width.</summary>
    LayerInputOutput,

    /// <summary>Between the embedding and one of the copies of the residual stream, or back.</summary>
    StreamProjection,

    /// <summary>One number for each copy of the residual stream.</summary>
    StreamRouter,

    /// <summary>To or from the inner width of a low-rank layer beside attention.</summary>
    LowRank,

    /// <summary>First matrix of the block that makes a token of a patch.</summary>
    PatchHidden,

    /// <summary>Matrix beside the two others of that block.</summary>
    PatchSkip,

    /// <summary>Second matrix of that block, after the activation.</summary>
    PatchOutput,

    /// <summary><see cref="PatchHidden"/> of the block that makes forecast points.</summary>
    PointHidden,

    /// <summary><see cref="PatchSkip"/> of that block.</summary>
    PointSkip,

    /// <summary><see cref="PatchOutput"/> of that block.</summary>
    PointOutput,

    /// <summary><see cref="PatchHidden"/> of the block that makes quantiles far ahead.</summary>
    QuantileHidden,

    /// <summary><see cref="PatchSkip"/> of that block.</summary>
    QuantileSkip,

    /// <summary><see cref="PatchOutput"/> of that block.</summary>
    QuantileOutput,
}
