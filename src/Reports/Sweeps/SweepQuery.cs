using System.Collections;
using System.Data.Common;
using System.Globalization;
using System.Numerics;
using DuckDB.NET.Data;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Reports.Sweeps;

/// <summary>
/// SQL over the tables of a finished sweep, by DuckDB inside the program: table <c>sweep</c>, and <c>sensitivity</c> or <c>tornado</c>
/// where the sweep has it. The tables are read into memory; after that the database reaches no file, network or extension, so a query can
/// read and compute, and change nothing on disk.
/// </summary>
public static class SweepQuery
{
    /// <summary>Most characters of a query.</summary>
    public const int LongestQuery = 100_000;

    /// <summary>Runs a query.</summary>
    /// <param name="folder">Folder of the sweep.</param>
    /// <param name="sql">Query; of several statements the first is the answer.</param>
    /// <exception cref="InputException">No finished sweep in the folder, or the query is refused by the database.</exception>
    public static SweepAnswer Run(string folder, string sql)
    {
        if (string.IsNullOrWhiteSpace(sql))
            throw new InputException("query: is empty; ask with SELECT");
        if (sql.Length > LongestQuery)
            throw new InputException($"a query has at most {LongestQuery} characters, this one {sql.Length}");
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        Load(connection, folder);
        try
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            using var reader = command.ExecuteReader();
            return reader.FieldCount > 0 ? Read(reader) : throw new InputException("query: this has no rows; ask with SELECT");
        }
        catch (Exception e) when (e is DbException or InvalidOperationException)
        {
            throw new InputException($"query: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    private static void Load(DuckDBConnection connection, string folder)
    {
        var table = Path.Combine(folder, SweepTable.ParquetName);
        if (!File.Exists(table))
            throw new InputException(
                File.Exists(Path.Combine(folder, SweepJournal.FileName))
                    ? $"{folder}: the sweep there is not finished; run it again with -o {folder}"
                    : $"{table}: no such file; name the folder of a finished sweep"
            );
        try
        {
            Execute(connection, "SET autoinstall_known_extensions = false");
            Execute(connection, "SET autoload_known_extensions = false");
            Execute(connection, $"CREATE TABLE sweep AS SELECT * FROM read_parquet({Quoted(table)})");
            foreach (var name in new[] { SweepStudy.SensitivityName, SweepStudy.TornadoName })
                if (Path.Combine(folder, name) is var file && File.Exists(file))
                    Execute(
                        connection,
                        $"CREATE TABLE {Path.GetFileNameWithoutExtension(name)} AS SELECT * FROM read_csv({Quoted(file)}, header = true)"
                    );
        }
        catch (DbException e)
        {
            throw new InputException($"{folder}: its tables cannot be read: {e.Message.ReplaceLineEndings(" ")}", e);
        }

        Execute(connection, "SET enable_external_access = false");
        Execute(connection, "SET lock_configuration = true");
    }

    private static SweepAnswer Read(DuckDBDataReader reader)
    {
        var columns = Enumerable.Range(0, reader.FieldCount).Select(reader.GetName).ToArray();
        var rows = new List<object?[]>();
        while (reader.Read())
        {
            var row = new object?[columns.Length];
            for (var c = 0; c < row.Length; c++)
                row[c] = reader.IsDBNull(c) ? null : Plain(reader.GetValue(c));
            rows.Add(row);
        }

        return new SweepAnswer(columns, rows);
    }

    // Numbers, truth values and texts; what else a database has is a text.
    private static object Plain(object value) =>
        value switch
        {
            BigInteger large => (double)large,
            bool or string or sbyte or byte or short or ushort or int or uint or long or ulong or float or double or decimal => value,
            DateOnly day => day.ToString("O", CultureInfo.InvariantCulture),
            DateTime time => time.ToString("s", CultureInfo.InvariantCulture),
            IDictionary<string, object> fields => $"{{{string.Join(", ", fields.Select(f => $"{f.Key}: {Plain(f.Value)}"))}}}",
            IEnumerable items => $"[{string.Join(", ", items.Cast<object>().Select(Plain))}]",
            _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
        };

    private static void Execute(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    // The database takes file names for patterns.
    private static string Quoted(string path)
    {
        if (path.AsSpan().IndexOfAny("*?[]{}") >= 0)
            throw new InputException($"{path}: the signs * ? [ ] {{ }} in a folder's name mean patterns to the database; rename it");
        return "'" + path.Replace("'", "''", StringComparison.Ordinal) + "'";
    }
}
