using TaalasSim.ChipModel.Figures;
using TaalasSim.ChipModel.Units;

namespace TaalasSim.ChipModel.Evaluation;

/// <summary>UncertaintyRange of a figure and the constants it depends on most, widest swing first.</summary>
public sealed record FieldUncertainty(FigureDefinition Field, UncertaintyRange Interval, IReadOnlyList<Sensitivity> Tornado);
