namespace TaalasSim.Runtime.Decode;

/// <summary>A token that may be chosen.</summary>
/// <param name="Id">Token id.</param>
/// <param name="Logit">Its logit after the samplers so far.</param>
/// <param name="P">Its probability, where a sampler computed one.</param>
public record struct Candidate(int Id, float Logit, float P);
