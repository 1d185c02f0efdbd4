namespace TaalasSim.ChipModel.Chip;

/// <summary>How a token's experts are chosen and weighted.</summary>
public enum ExpertGating
{
    /// <summary>Softmax over all experts, the k largest renormalised to one.</summary>
    SoftmaxRenormalised,

    /// <summary>Softmax over all experts, the k largest as they are.</summary>
    Softmax,

    /// <summary>The k largest logits, softmax over these alone.</summary>
    SoftmaxOfChosen,

    /// <summary>Sigmoid of each logit, the k largest as they are.</summary>
    Sigmoid,

    /// <summary>Sigmoid of each logit, the k largest renormalised to one.</summary>
    SigmoidRenormalised,

    /// <summary>The k largest logits, sigmoid of each (llama4).</summary>
    SigmoidOfChosen,
}
