# Databricks notebook source
# MAGIC %md
# MAGIC # Homework 1

# COMMAND ----------

# MAGIC %pip install torch

# COMMAND ----------

import torch
dbutils.widgets.text("epochs", "10")

# COMMAND ----------

def product_gradients(x, y, z):
    return z, z, x + y

# COMMAND ----------

display(spark.table("homework"))
