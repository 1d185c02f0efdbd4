// Sweeps the users of a chip and prints one line for each design point. A second run resumes from the journal of the first.
// Usage: dotnet run --project samples/Sweep [chips folder] [output folder]
using System.Globalization;
using TaalasSim.Reports.Compare;
using TaalasSim.Reports.Sweeps;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var library = new DesignLibrary(args.Length > 0 ? args[0] : "chips");
var folder = Directory.CreateDirectory(args.Length > 1 ? args[1] : "out/samples").FullName;
var path = Path.Combine(folder, "users.yaml");
File.WriteAllText(
    path,
    """
    name: users
    model: llama-3.1-8b
    fabric: hc1
    service: { input_tokens: 1000, output_tokens: 500, users: 1 }
    vary:
      - { field: service.users, values: [1, 2, 4] }
    """
);

var spec = SweepFile.Read(path);
using var evaluate = new EvaluateDesign(library, spec, path, draws: 50);
var options = new SweepOptions { Inputs = evaluate.Inputs };
var result = SweepRunner.Run(spec, Path.Combine(folder, "users"), evaluate.Evaluate, options, progress: null, CancellationToken.None);
foreach (var row in result.Rows)
{
    var users = SweepGrid.Point(spec, row.Point).Values[0];
    var (throughput, watts) = (row.Figures.TokensPerSecondTotal?.Value, row.Figures.Watts?.Value);
    Console.WriteLine($"{users} users: {row.Status}, {throughput:0} tokens/s in total, {watts:0} W {row.Reason}".TrimEnd());
}
