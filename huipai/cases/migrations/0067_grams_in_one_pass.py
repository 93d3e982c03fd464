from django.db import migrations

# The same grams as before. `substr` counts signs of several bytes from the start of the words each time, so that the
# time went with the square of their length: ten thousand signs were seven seconds.
ONE_PASS = """
CREATE OR REPLACE FUNCTION cases_grams(words text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT gram), '{}')
    FROM (SELECT sign, sign || lead(sign) OVER (ORDER BY at) AS pair
          FROM unnest(string_to_array(words, NULL)) WITH ORDINALITY AS cut (sign, at)) AS signs,
         unnest(ARRAY[sign, pair]) AS gram
    WHERE gram IS NOT NULL
$$;
"""
EACH_FROM_THE_START = """
CREATE OR REPLACE FUNCTION cases_grams(words text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT substr(words, at, size)), '{}')
    FROM generate_series(1, length(words)) AS at, (VALUES (1), (2)) AS sizes(size)
    WHERE at + size - 1 <= length(words)
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0066_a_part_sent_back")]

    operations = [migrations.RunSQL(ONE_PASS, EACH_FROM_THE_START)]
