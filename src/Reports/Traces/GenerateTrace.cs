using System.Globalization;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Units;
using TaalasSim.Reports.Sampling;

namespace TaalasSim.Reports.Traces;

/// <summary>Generates traces. A number depends on the seed, the request and what it is for, so that traces of other rates have the same
/// lengths, and arrivals that scale.</summary>
public static class GenerateTrace
{
    private const int Gap = 0,
        Prompt = 1,
        Answer = 3,
        Joins = 5;

    /// <summary>Generates a trace; the first request (or burst) arrives at 0.</summary>
    /// <exception cref="InputException">A number of the traffic is out of range.</exception>
    public static RequestTrace Of(TrafficSpec traffic)
    {
        traffic.Check();
        var requests = new TraceRequest[traffic.Requests];
        var (time, cut) = (0.0, 0);
        for (var i = 0; i < requests.Length; i++)
        {
            if (i > 0)
                time += GapSeconds(traffic, i);
            var (prompt, answer) = (Length(traffic, traffic.MeanPrompt, i, Prompt), Length(traffic, traffic.MeanAnswer, i, Answer));
            // A request that is longer than the context loses of both in proportion.
            if (prompt + (long)answer > traffic.MostTokens)
            {
                prompt = Math.Max(1, (int)((double)prompt * (traffic.MostTokens - 1) / (prompt + (double)answer)));
                answer = Math.Min(answer, traffic.MostTokens - prompt);
                cut++;
            }

            requests[i] = new TraceRequest(time, prompt, answer);
        }

        var shorter = cut > 0 ? $"; {NumberText.Count(cut)} are cut to {NumberText.Count(traffic.MostTokens)} tokens" : "";
        return new RequestTrace(Words(traffic) + shorter, requests);
    }

    private static string Words(TrafficSpec traffic)
    {
        var arrivals = traffic.Arrivals switch
        {
            ArrivalKind.Poisson => "Poisson arrivals",
            ArrivalKind.Bursts => $"bursts of {NumberText.Significant(traffic.BurstRequests)} on average",
            _ => "regular arrivals",
        };
        var lengths = traffic.Lengths switch
        {
            LengthKind.Fixed => "all alike",
            LengthKind.Exponential => "exponential",
            LengthKind.LogNormal => "log-normal",
            _ => "uniform",
        };
        return $"{NumberText.Count(traffic.Requests)} requests, {arrivals}, {NumberText.Significant(traffic.RequestsPerSecond)} a second; "
            + $"{NumberText.Count(traffic.MeanPrompt)} prompt and {NumberText.Count(traffic.MeanAnswer)} answer tokens on average, "
            + $"{lengths}; seed {traffic.Seed.ToString(CultureInfo.InvariantCulture)}";
    }

    // The mean is 1 / rate in every kind. A request joins the burst before it with probability 1 − 1 / b.
    private static double GapSeconds(TrafficSpec traffic, int i) =>
        traffic.Arrivals switch
        {
            ArrivalKind.Regular => 1 / traffic.RequestsPerSecond,
            ArrivalKind.Poisson => Exponential(traffic.Seed, i, Gap) / traffic.RequestsPerSecond,
            _ when HashedUniform.At(traffic.Seed, i, Joins) < 1 - (1 / traffic.BurstRequests) => 0,
            _ => Exponential(traffic.Seed, i, Gap) * traffic.BurstRequests / traffic.RequestsPerSecond,
        };

    private static int Length(TrafficSpec traffic, int mean, int i, int purpose)
    {
        if (mean == 1 || traffic.Lengths == LengthKind.Fixed)
            return mean;
        // Coefficient of variation 1: variance of the logarithm ln 2, mean shifted by half of it.
        var exact = traffic.Lengths switch
        {
            LengthKind.Exponential => mean * Exponential(traffic.Seed, i, purpose),
            LengthKind.LogNormal => mean * Math.Exp((Math.Sqrt(Math.Log(2)) * Normal(traffic.Seed, i, purpose)) - (0.5 * Math.Log(2))),
            _ => 1 + (2 * (mean - 1) * HashedUniform.At(traffic.Seed, i, purpose)),
        };
        return (int)Math.Clamp(Math.Round(exact), 1, Math.Max(1, traffic.MostTokens - 1));
    }

    // 1 − u is never 0.
    private static double Exponential(ulong seed, int i, int purpose) => -Math.Log(1 - HashedUniform.At(seed, i, purpose));

    // Box and Muller.
    private static double Normal(ulong seed, int i, int purpose) =>
        Math.Sqrt(2 * Exponential(seed, i, purpose)) * Math.Cos(2 * Math.PI * HashedUniform.At(seed, i, purpose + 1));
}
