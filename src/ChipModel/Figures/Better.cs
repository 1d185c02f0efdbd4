namespace TaalasSim.ChipModel.Figures;

/// <summary>Which of two values of a figure is the better one.</summary>
public enum Better
{
    /// <summary>The larger one.</summary>
    More,

    /// <summary>The smaller one.</summary>
    Less,

    /// <summary>Neither: the figure describes, it does not rank.</summary>
    Neither,
}
