using TaalasSim.Training.Model;
using TaalasSim.Training.Tokenizer;

namespace TaalasSim.Training.Export;

/// <summary>A model read back from its file.</summary>
/// <param name="Layout">Shape, and where each tensor lies in <paramref name="Parameters"/>.</param>
/// <param name="Parameters">All weights, as rounded in the file.</param>
/// <param name="Vocabulary">The tokenizer's vocabulary.</param>
public sealed record StoredModel(ParameterLayout Layout, float[] Parameters, BpeVocabulary Vocabulary);
